"""What an evaluator attests before anything can be read. Knows no database."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

#: The sentences, one by one; what was shown is kept word for word with the time.
SENTENCES = (
    _("I have no financial, family, professional or other personal interest in who is selected."),
    _(
        "I took no part in preparing any application to this opportunity, and nobody has asked me to favour one."
    ),
    _(
        "I will judge each application by the posted criteria alone, and talk about it with nobody before I hand in."
    ),
    _(
        "If I recognize who sent an application, or find that I have an interest after all, I will say so at once."
    ),
)


def text() -> str:
    """The whole attestation in the active language, as it is shown and kept."""
    return "\n".join(str(sentence) for sentence in SENTENCES)
