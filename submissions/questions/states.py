"""The state machine of a question, as one table (DESIGN rule 9). Knows no database.

``services.transition`` is the only thing that carries it out. A question that was published once stays public while it
is corrected: it goes back to *answer drafted* and the version before stays visible until the next is published.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from .enums import State

TRIAGE = "submissions.triage_question"
ANSWER = "submissions.answer_question"
ANSWER_OWN = "submissions.answer_own_question"
PUBLISH = "submissions.publish_question"


@dataclass(frozen=True)
class Transition:
    """One way from a state to another.

    Attributes:
        name: What the code, the address and the audit call it.
        sources: States from which it starts.
        target: State in which it ends.
        act: What the audit records.
        permission: Who may, as ``app.codename``.
        own_permission: Who may for a file whose client they are.
        label: What the staff's button says.
        consequence: What the person who decides reads before deciding.
        before_publication: Whether it is closed to what was published once.
    """

    name: str
    sources: frozenset[State]
    target: State
    act: str
    permission: str
    label: Any
    consequence: Any = ""
    own_permission: str = ""
    before_publication: bool = False


TRANSITIONS: dict[str, Transition] = {
    rule.name: rule
    for rule in (
        Transition(
            name="accept",
            sources=frozenset({State.RECEIVED}),
            target=State.ACCEPTED,
            act="question.accepted",
            permission=TRIAGE,
            label=_("Accept the question"),
            consequence=_(
                "Take out everything that could tell who asked. What you write here is what the public will read; the "
                "text as it was sent stays sealed."
            ),
        ),
        Transition(
            name="answer",
            sources=frozenset({State.ACCEPTED, State.ANSWERED, State.TRANSLATING}),
            target=State.ANSWERED,
            act="question.answered",
            permission=ANSWER,
            own_permission=ANSWER_OWN,
            label=_("Write the answer"),
            consequence=_(
                "The public will read it, in both languages. Another person than the one who wrote it publishes it."
            ),
        ),
        Transition(
            name="translate",
            sources=frozenset({State.ANSWERED}),
            target=State.TRANSLATING,
            act="question.translating",
            permission=TRIAGE,
            label=_("Send to translation"),
            consequence=_("Translators then see the question and its answer as they stand."),
        ),
        Transition(
            name="publish",
            sources=frozenset({State.TRANSLATING}),
            target=State.PUBLISHED,
            act="question.published",
            permission=PUBLISH,
            label=_("Publish in both languages"),
            consequence=_(
                "Question and answer become public in English and in French at once and stay public. The asker, those "
                "who applied and those who follow the opportunity are told."
            ),
        ),
        Transition(
            name="correct",
            sources=frozenset({State.PUBLISHED}),
            target=State.ANSWERED,
            act="question.corrected",
            permission=PUBLISH,
            label=_("Correct the answer"),
            consequence=_(
                "What is public stays as it is until the correction is translated and published. The page then says "
                "that it was corrected, and when."
            ),
        ),
        Transition(
            name="merge",
            sources=frozenset({State.RECEIVED, State.ACCEPTED, State.ANSWERED, State.TRANSLATING}),
            target=State.MERGED,
            act="question.merged",
            permission=TRIAGE,
            label=_("Merge with another question"),
            consequence=_("Its asker is told the answer of the question that is kept."),
            before_publication=True,
        ),
        Transition(
            name="faq",
            sources=frozenset({State.RECEIVED, State.ACCEPTED, State.ANSWERED, State.TRANSLATING}),
            target=State.FAQ,
            act="question.sent_to_faq",
            permission=TRIAGE,
            label=_("Send to the frequently asked questions"),
            consequence=_(
                "Question and answer are added to the draft of the page. It becomes public through the workflow of the "
                "page, in both languages. The question is not shown on the opportunity."
            ),
            before_publication=True,
        ),
        Transition(
            name="reject",
            sources=frozenset({State.RECEIVED, State.ACCEPTED, State.ANSWERED, State.TRANSLATING}),
            target=State.REJECTED,
            act="question.rejected",
            permission=TRIAGE,
            label=_("Do not publish"),
            consequence=_("The asker is told the reason that you choose. This cannot be undone."),
            before_publication=True,
        ),
    )
}
