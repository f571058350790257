"""What each transition of a question does, beyond the new state: one small function a row of the table.

Called by ``services.transition`` alone, which has locked the row, checked permission and state, and records the act.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.models import Locale

from microacq_pages import page_cache, pairs

from . import faq, letters, publication
from .enums import UNANSWERED, Rejection, State
from .models import ANSWER_LENGTH, QUESTION_LENGTH, PublishedAnswer, Question, QuestionText

if TYPE_CHECKING:
    from microacq_pages.models import ContentPage

#: The states of a question with which another may be merged.
KEEPABLE = (*UNANSWERED, State.PUBLISHED)

MERGED_SENTENCE = gettext_lazy(
    "The same was asked before. We write to you as soon as that question is answered."
)
FAQ_SENTENCE = gettext_lazy(
    "It concerns every opportunity. Its answer will be in the frequently asked questions of this site."
)


class Refused(Exception):
    """The act cannot be carried out; ``sentences`` say why."""

    def __init__(self, *sentences: str) -> None:
        self.sentences = list(sentences)
        super().__init__(" ".join(self.sentences))


def _nothing(question: Question) -> None:
    """Nobody is told."""


@dataclass(frozen=True)
class Outcome:
    """What came of an act.

    Attributes:
        fields: Fields of the question that were changed.
        data: Identifiers and digests for the record, never a text.
        announce: What to do once the act is recorded.
    """

    fields: tuple[str, ...] = ()
    data: dict[str, Any] = field(default_factory=dict)
    announce: Callable[[Question], None] = _nothing


def accept(question: Question, user: Any, *, text: str, written_in: str) -> Outcome:
    """The question as the public will read it, in the language in which it will be answered."""
    text = _whole(text, QUESTION_LENGTH)
    locale = Locale.objects.get(language_code=written_in)
    QuestionText.objects.create(record=question, locale=locale, question=text)
    question.written_in = written_in
    return Outcome(("written_in",), {"language": written_in})


def answer(question: Question, user: Any, *, answer: str, text: str = "") -> Outcome:
    """The answer; whoever sorts questions may change the words of the question with it."""
    _write(question, answer, text)
    return Outcome()


def correct(question: Question, user: Any, *, answer: str, reason: str, text: str = "") -> Outcome:
    """Another answer, while what is public stays as it is."""
    reason = reason.replace("\x00", "").strip()
    if not reason:
        raise Refused(_("Write the reason: no decision without one."))
    _write(question, answer, text)
    return Outcome(data={"reason": reason})


def _write(question: Question, answer: str, text: str) -> None:
    written = question.text
    if written is None:
        raise Refused(_("The question was not accepted yet."))
    written.answer = _whole(answer, ANSWER_LENGTH)
    if text.strip():
        written.question = _whole(text, QUESTION_LENGTH)
    written.save(update_fields=["answer", "question"])


def _whole(text: str, limit: int) -> str:
    text = text.replace("\x00", "").replace("\r\n", "\n").strip()
    if not text:
        raise Refused(_("Write the text: it cannot be blank."))
    if len(text) > limit:
        raise Refused(
            _("The text has %(length)d characters; the limit is %(limit)d.")
            % {"length": len(text), "limit": limit}
        )
    return text


def translate(question: Question, user: Any) -> Outcome:
    """Show translators the text as it is; of a correction, only what changed is left to translate."""
    written = question.text
    if written is None or not written.answer.strip():
        raise Refused(_("The question is not answered yet."))
    pairs.keep_snippet_in_step(written, user)
    return Outcome()


def publish(question: Question, user: Any, *, digest: str = "") -> Outcome:
    """Both languages at once, exactly as they were read by whoever publishes."""
    ready = publication.readiness(question)
    if ready.blockers:
        raise Refused(*map(str, ready.blockers))
    if digest and digest != ready.digest:
        raise Refused(_("The text changed meanwhile: read it again before you publish it."))
    if user.pk in publication.authors_of_answer(question):
        raise Refused(_("You wrote this answer: another person must publish it."))
    published = PublishedAnswer.objects.create(record=question, **ready.texts)
    published.refresh_from_db()
    page_cache.bump()

    def announce(question: Question) -> None:
        letters.announce(question, published)

    return Outcome(data={"version": published.version, "digest": ready.digest}, announce=announce)


def merge(question: Question, user: Any, *, kept: Question) -> Outcome:
    """Into another question about the same file; what was merged into this one goes along."""
    kept = Question.objects.get(pk=kept.pk)
    if kept.pk == question.pk or kept.solicitation_id != question.solicitation_id:
        raise Refused(_("Choose another question about the same opportunity."))
    if kept.state not in KEEPABLE:
        raise Refused(
            _("Question %(reference)s is “%(state)s”: choose one that is or will be published.")
            % {"reference": kept.reference, "state": kept.get_state_display()}
        )
    Question.objects.filter(merged_into=question).update(merged_into=kept)
    question.merged_into = kept
    published = kept.published.order_by("-version").first()

    def announce(question: Question) -> None:
        if published is None:
            letters.tell_asker_of_end(question, MERGED_SENTENCE)
        else:
            letters.tell_asker_of_answer(question, published)

    return Outcome(("merged_into",), {"kept": kept.reference}, announce)


def to_faq(question: Question, user: Any, *, page: ContentPage, text: str, answer: str) -> Outcome:
    """Into the draft of a page of frequently asked questions, in the language of that page."""
    try:
        source = faq.add(page, question=_whole(text, 200), answer=_whole(answer, ANSWER_LENGTH), user=user)
    except faq.CannotBeAdded as error:
        raise Refused(str(error)) from error
    question.faq_page = source

    def announce(question: Question) -> None:
        letters.tell_asker_of_end(question, FAQ_SENTENCE)

    return Outcome(("faq_page",), {"page": source.pk}, announce)


def reject(question: Question, user: Any, *, rejection: str) -> Outcome:
    """Not published, for one of the reasons that the asker can be told."""
    if rejection not in Rejection.values:
        raise Refused(_("Choose the reason: no decision without one."))
    question.rejection = rejection

    def announce(question: Question) -> None:
        letters.tell_asker_of_end(question, Rejection(rejection).label)

    return Outcome(("rejection",), {"reason": rejection}, announce)


EFFECTS: dict[str, Callable[..., Outcome]] = {
    "accept": accept,
    "answer": answer,
    "translate": translate,
    "publish": publish,
    "correct": correct,
    "merge": merge,
    "faq": to_faq,
    "reject": reject,
}
