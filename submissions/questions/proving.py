"""What questions can prove: what was published is what was read when it was published, and states by recorded acts.

Answers the hook ``file_proofs`` of this stage. Reads only. Imports no later stage.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from submissions.solicitations.models import Solicitation
from submissions.solicitations.proofs import Check, Finding, Tell, broken, counted, recorded

from . import states
from .enums import State
from .models import PublishedAnswer
from .publication import digest_of

RECEIVED, PUBLISHED = "question.received", "question.published"


def checks(file: Solicitation) -> list[Check]:
    """The checks of this stage."""
    return [
        Check(
            "questions.published",
            gettext_lazy("Each published answer is what was read, in both languages, when it was published."),
            partial(published, file),
            order=180,
        ),
        Check(
            "questions.states",
            gettext_lazy("Each question came to its state by recorded acts that the state table has."),
            partial(states_reached, file),
            order=190,
        ),
    ]


def published(file: Solicitation, tell: Tell) -> Iterator[Finding]:
    """Published answers that give another digest than was recorded, that vanished, or that no act published."""
    promised = {
        (str(act.data.get("question")), act.data.get("version")): str(act.data.get("digest"))
        for act in recorded(file, [PUBLISHED])
    }
    rows = list(PublishedAnswer.objects.filter(record__solicitation=file).select_related("record"))
    for row in counted(rows, tell):
        digest = promised.pop((row.record.reference, row.version), None)
        values = {"question": row.record.reference, "version": row.version}
        if digest is None:
            yield broken(
                _("Question %(question)s: no act recorded the publication of version %(version)s."), **values
            )
        elif digest != digest_of(row):
            yield broken(
                _("Question %(question)s: version %(version)s was changed after it was published."), **values
            )
    for question, version in promised:
        yield broken(
            _("Question %(question)s: version %(version)s was recorded as published, and is gone."),
            question=question,
            version=version,
        )


def states_reached(file: Solicitation, tell: Tell) -> Iterator[Finding]:
    """Follow the recorded acts of each question and compare where they lead with what its row says."""
    at: dict[str, str] = {}
    acts = {rule.act for rule in states.TRANSITIONS.values()}
    for act in recorded(file, {RECEIVED, *acts}):
        question = str(act.data.get("question"))
        before, after = str(act.data.get("before", "")), str(act.data.get("after", State.RECEIVED))
        if act.action != RECEIVED and not _is_allowed(act.action, at.get(question, ""), before, after):
            yield broken(
                _("Entry %(number)s: the state table has no such way from “%(before)s” to “%(after)s”."),
                number=act.number,
                before=_label(before),
                after=_label(after),
            )
        at[question] = after
    for reference, state in file.asked_questions.values_list("reference", "state"):
        if at.pop(reference, "") != state:
            yield broken(
                _("Question %(question)s is “%(state)s”, but its recorded acts lead elsewhere."),
                question=reference,
                state=_label(state),
            )
    for reference in at:
        yield broken(_("Question %(question)s was recorded, and is gone."), question=reference)


def _is_allowed(action: str, at: str, before: str, after: str) -> bool:
    return at == before and any(
        rule.act == action and before in rule.sources and rule.target == after
        for rule in states.TRANSITIONS.values()
    )


def _label(state: str) -> str:
    return str(State(state).label) if state in State.values else state
