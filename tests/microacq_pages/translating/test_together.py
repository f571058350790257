"""Two translators who save the same text in the same instant: one is kept, the other is told."""

from __future__ import annotations

from typing import Any

import pytest
from wagtail.models import Locale
from wagtail_localize.models import StringTranslation, Translation

from microacq_pages import pairs
from microacq_pages.models import Skill
from microacq_pages.translating import saving
from tests.factories import people
from tests.microacq_pages.translating import working
from tests.support.threads import Parallel

pytestmark = pytest.mark.usefixtures("committed_database")


def test_one_is_kept_and_the_other_sees_it() -> None:
    for code in ("en", "fr"):
        Locale.objects.get_or_create(language_code=code)
    users = [people.make_user(None, name) for name in ("first", "second", "third", "fourth")]
    skill = Skill.objects.create(name="Concurrency", locale=Locale.objects.get(language_code="en"))
    pairs.keep_snippet_in_step(skill, None)
    job = working.translation_of(skill)
    segment = working.segment_with(job, "Concurrency")

    def save_as(user: Any) -> Any:
        def act() -> saving.Outcome:
            mine = Translation.objects.select_related("source__locale").get(pk=job.pk)
            written = saving.Written(segment.context_id, segment.string_id, user.username, "")
            return saving.save(mine, [written], user)[0]

        return act

    parallel = Parallel()
    for user in users:
        parallel.start(save_as(user))
    outcomes = parallel.join()

    results = [outcome.result for outcome in outcomes]
    assert results.count(saving.Result.SAVED) == 1
    assert results.count(saving.Result.CONFLICT) == 3
    (kept,) = StringTranslation.objects.filter(context=segment.context)
    assert kept.data == users[results.index(saving.Result.SAVED)].username
    assert {outcome.stored for outcome in outcomes} == {kept}
