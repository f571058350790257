"""What waits because of questions: findings of a file, work of a person, due times of translations, a letter to staff.

Reads only, but for ``announce``. A question that nobody answers does not keep a file from being opened: by then no
answer could help anyone, and those who applied would wait. It is pointed out while an extension is still possible.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.contrib.postgres.functions import TransactionNow
from django.db.models import Count, Q
from django.urls import reverse
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext_lazy as _
from wagtail_localize.models import Translation

from microacq_pages import pairs
from microacq_pages.blockers import Blocker, Level
from microacq_pages.formats import eastern, known_language
from microacq_pages.waiting import WaitingItem
from submissions.solicitations.enums import State as FileState
from submissions.solicitations.models import Solicitation

from . import closing, letters, publication, states
from .enums import UNANSWERED, State
from .models import Question, QuestionText

if TYPE_CHECKING:
    from django.contrib.auth.models import User

#: Business days within which each step should be done.
TARGET_DAYS = {State.RECEIVED: 1, State.ACCEPTED: 2, State.ANSWERED: 1, State.TRANSLATING: 1}
LABELS: dict[str, Any] = {
    State.RECEIVED: _("Sort a question"),
    State.ACCEPTED: _("Answer a question"),
    State.ANSWERED: _("Check an answer and send it to translation"),
    State.TRANSLATING: _("Publish an answer"),
}

SOURCE = _("Questions are taken until two business days before the deadline, and answered before it.")


def findings(file: Solicitation, now: datetime) -> list[Blocker]:
    """What staff must do about the questions of a file, and until when they can.

    Args:
        file: The file.
        now: The database's clock (UTC).
    """
    waiting = file.asked_questions.unanswered().count()
    if not waiting or file.state == FileState.CANCELLED or now < closing.warns_from(file.deadline):
        return []
    code, level, sentence = _finding(file, now, waiting)
    language = known_language(get_language())
    return [
        Blocker(
            code,
            sentence
            % {
                "count": waiting,
                "closes": eastern(closing.closes_at(file.deadline), language),
                "deadline": eastern(file.deadline, language),
            },
            level=level,
            source=SOURCE,
        )
    ]


def _finding(file: Solicitation, now: datetime, waiting: int) -> tuple[str, Level, str]:
    if now >= file.deadline:
        sentence = ngettext(
            "%(count)d question was never answered: close it with a reason, so that its asker learns it.",
            "%(count)d questions were never answered: close each with a reason, so that its asker learns it.",
            waiting,
        )
        return "questions-never-answered", Level.WARNING, sentence
    if now >= closing.closes_at(file.deadline):
        sentence = ngettext(
            "%(count)d question waits for its answer and questions are closed: publish the answer, or extend the "
            "deadline before it passes on %(deadline)s.",
            "%(count)d questions wait for their answer and questions are closed: publish the answers, or extend the "
            "deadline before it passes on %(deadline)s.",
            waiting,
        )
        return "questions-unanswered", Level.BLOCKER, sentence
    sentence = ngettext(
        "%(count)d question waits for its answer. Questions close on %(closes)s: publish the answer, or extend the "
        "deadline.",
        "%(count)d questions wait for their answer. Questions close on %(closes)s: publish the answers, or extend the "
        "deadline.",
        waiting,
    )
    return "questions-closing", Level.WARNING, sentence


def work_of(user: User) -> Iterator[WaitingItem]:
    """The questions that wait for this person; the number of queries does not depend on how many there are."""
    sorts, answers = user.has_perm(states.TRIAGE), user.has_perm(states.ANSWER)
    own = user.has_perm(states.ANSWER_OWN)
    if not (sorts or answers or own):
        return
    mine = Q(solicitation__client=user) if own else Q(pk__in=[])
    # An answer is its client's to write; where a file has none, it is whoever's may answer all.
    theirs = mine | (Q(solicitation__client=None) if answers else Q(pk__in=[]))
    wanted = Q(state=State.ACCEPTED) & theirs
    if sorts:
        wanted |= Q(state__in=[State.RECEIVED, State.ANSWERED, State.TRANSLATING])
    questions = list(
        Question.objects.for_listing()
        .filter(wanted, state__in=UNANSWERED)
        .exclude(solicitation__state=FileState.CANCELLED)
        .order_by("changed_at", "pk")
    )
    publishable = _complete([one for one in questions if one.state == State.TRANSLATING])
    authors = publication.authors_of_answers(
        [one for one in questions if one.state == State.TRANSLATING and one.pk in publishable]
    )
    closing_times = {
        deadline: closing.closes_at(deadline) for deadline in {one.solicitation.deadline for one in questions}
    }
    for question in questions:
        if question.state == State.TRANSLATING and (
            question.pk not in publishable or user.pk in authors[question.pk]
        ):
            continue
        yield _item(question, closing_times[question.solicitation.deadline])


def _item(question: Question, due: datetime) -> WaitingItem:
    file = question.solicitation
    return WaitingItem(
        kind="question",
        label=LABELS[question.state],
        title=f"{file.number} – {question.reference}",
        url=reverse("questions:inspect", args=[question.pk]),
        since=question.changed_at,
        target_days=TARGET_DAYS[State(question.state)],
        due=due,
        detail=question.listed_text or file.get_title(),
        detail_language=question.language if question.listed_text else "",
    )


def _complete(questions: Iterable[Question]) -> set[int]:
    """Of questions in translation, those of which every string is translated."""
    sources = {
        text.translation_key: text.record_id
        for text in QuestionText.objects.filter(record__in=list(questions))
    }
    translations = list(
        Translation.objects.filter(source__object_id__in=list(sources), enabled=True).select_related("source")
    )
    progress = pairs.progress_of(translations) if translations else {}
    done = set()
    for translation in translations:
        total, finished = progress.get(translation.pk, (0, 0))
        if total and total == finished:
            done.add(sources[translation.source.object_id])
    return done


def translations_due(object_ids: set[UUID]) -> dict[UUID, datetime]:
    """Until when questions in translation are needed: two business days before the deadline of their file."""
    # Few questions are in translation; thousands of keys in the condition would cost more than reading them all.
    rows = QuestionText.objects.filter(record__state=State.TRANSLATING).values_list(
        "translation_key", "record__solicitation__deadline"
    )
    deadlines = {key: deadline for key, deadline in rows if key in object_ids}
    closes = {deadline: closing.closes_at(deadline) for deadline in set(deadlines.values())}
    return {key: closes[deadline] for key, deadline in deadlines.items()}


def announce() -> str | None:
    """Write once for each deadline to those responsible, as soon as waiting questions are urgent."""
    files = (
        Solicitation.objects.open()
        .annotate(
            moment=TransactionNow(),
            waiting=Count(
                "asked_questions",
                filter=Q(asked_questions__state__in=UNANSWERED, asked_questions__published__isnull=True),
                distinct=True,
            ),
        )
        .filter(waiting__gt=0)
    )
    told = 0
    for file in files:
        if file.moment >= closing.warns_from(file.deadline):
            told += letters.warn_staff(file, file.waiting, closing.closes_at(file.deadline))
    return f"{told} people told of questions that wait" if told else None
