"""The demonstration's mail text is written, translated and sent, once."""

from __future__ import annotations

import pytest

from submissions.demo import mail_texts
from submissions.notices import wording


@pytest.mark.django_db
def test_the_text_is_in_force_in_both_languages_and_loaded_once() -> None:
    assert len(list(mail_texts.load())) == 1
    assert list(mail_texts.load()) == []
    found = wording.in_force(mail_texts.KIND)
    assert found is not None
    assert (found.body_en, found.body_fr) == (mail_texts.ENGLISH, mail_texts.FRENCH)
