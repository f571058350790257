"""Questions and their public answers, every version, in the language of the document. Says nothing of who asked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from submissions.questions.enums import State as QuestionState
from submissions.questions.models import PublishedAnswer, Question

from ..documents import document
from ..words import Writer
from .saying import FACTS, moment

if TYPE_CHECKING:
    from submissions.solicitations.models import Solicitation


@document("questions", order=200, title=gettext_lazy("Questions and answers"))
def write_questions(file: Solicitation, writer: Writer) -> None:
    """What was published of each question, and what became of those that were not."""
    language = writer.language
    published: dict[int, list[PublishedAnswer]] = {}
    for row in PublishedAnswer.objects.filter(record__solicitation=file).order_by("record", "version"):
        published.setdefault(row.record_id, []).append(row)
    for question in (
        Question.objects.filter(solicitation=file).defer("original", "contact").order_by("number")
    ):
        writer.heading(_("Question %(number)s") % {"number": question.number})
        writer.facts(
            _("What became of the question"),
            FACTS,
            [
                (_("Asked"), moment(question.asked_at, language)),
                (_("State"), question.get_state_display()),
                (_("Reason"), question.get_rejection_display()),
                (
                    _("Answered together with question"),
                    str(question.merged_into.number)
                    if question.state == QuestionState.MERGED and question.merged_into
                    else "",
                ),
            ],
        )
        versions = published.get(question.pk, [])
        for row in versions:
            if len(versions) > 1:
                writer.heading(
                    _("Version %(number)s, %(date)s")
                    % {"number": row.version, "date": moment(row.published_at, language)},
                    3,
                )
            writer.heading(_("Question"), 3 if len(versions) == 1 else 4)
            writer.say(getattr(row, f"question_{language}"))
            writer.heading(_("Answer"), 3 if len(versions) == 1 else 4)
            writer.say(getattr(row, f"answer_{language}"))
            if len(versions) == 1:
                writer.say(_("Published: %(date)s") % {"date": moment(row.published_at, language)})
