"""What is kept of a question: who asked sealed, its text in both languages, and what was published of it.

Owns the rows. ``services`` alone writes them; triggers (migration ``questions_triggers``) hold what must never be
false: nothing is asked too late, what was published stays as it was and is in both languages. Imports no view.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, ClassVar, NoReturn

from django.conf import settings
from django.contrib.postgres.functions import TransactionNow
from django.db import models
from django.db.models import F, Q
from django.utils.text import Truncator
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.models import Page, TranslatableMixin
from wagtail_localize.fields import SynchronizedField

from microacq_pages.models.base import synchronised
from submissions.notices import crypto

from .enums import UNANSWERED, Rejection, State
from .querysets import QuestionQuerySet, QuestionTextQuerySet, refuse_deletion

if TYPE_CHECKING:
    from submissions.solicitations.models import Solicitation  # noqa: F401

#: The longest question that is taken, in characters; and the longest answer.
QUESTION_LENGTH = 2000
ANSWER_LENGTH = 5000


class Question(models.Model):
    """One question about one file, as it was asked and where it is now; knows no language of its readers.

    ``asked_at`` is the database's. What could tell who asked (``original``, ``contact``) is encrypted, and blanked by
    ``services.purge``.
    """

    solicitation = models.ForeignKey(
        "submissions.Solicitation",
        on_delete=models.PROTECT,
        related_name="asked_questions",
        verbose_name=_("file"),
    )
    number = models.PositiveSmallIntegerField(_("number"), editable=False)
    reference = models.CharField(_("reference"), max_length=16, unique=True, editable=False)
    state = models.CharField(_("state"), max_length=12, choices=State.choices, default=State.RECEIVED)
    language = models.CharField(_("language it was asked in"), max_length=2, choices=settings.LANGUAGES)
    asked_at = models.DateTimeField(_("asked"), db_default=TransactionNow(), editable=False)
    changed_at = models.DateTimeField(_("in this state since"), db_default=TransactionNow(), editable=False)
    original = models.TextField(_("text as it was sent, encrypted"), blank=True)
    contact = models.TextField(_("address and language, encrypted"), blank=True)
    form_digest = models.CharField(_("digest of the form"), max_length=64, unique=True)
    written_in = models.CharField(
        _("language it is published from"), max_length=2, choices=settings.LANGUAGES, blank=True
    )
    rejection = models.CharField(_("reason"), max_length=20, choices=Rejection.choices, blank=True)
    merged_into = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="duplicates",
        verbose_name=_("merged into"),
    )
    faq_page = models.ForeignKey(
        Page, on_delete=models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("page")
    )

    if TYPE_CHECKING:
        # Only on what was read ``for_listing``.
        listed_text: str | None
        is_public: bool

    objects = QuestionQuerySet.as_manager()

    class Meta:
        verbose_name = _("question")
        verbose_name_plural = _("questions")
        ordering = ("solicitation", "number")
        default_permissions = ("view",)
        permissions = (
            ("triage_question", _("Can sort the questions that are asked, and see them as they were sent")),
            ("answer_question", _("Can answer every question")),
            ("answer_own_question", _("Can answer the questions about one’s own opportunities")),
            ("publish_question", _("Can publish questions with their answers")),
        )
        constraints = (
            models.UniqueConstraint(fields=["solicitation", "number"], name="question_numbered_once_a_file"),
            models.CheckConstraint(condition=Q(state__in=State.values), name="question_state_is_known"),
            models.CheckConstraint(
                condition=Q(state=State.MERGED, merged_into__isnull=False)
                | (~Q(state=State.MERGED) & Q(merged_into__isnull=True)),
                name="question_merged_into_another",
            ),
            models.CheckConstraint(
                condition=Q(merged_into__isnull=True) | ~Q(merged_into=F("id")),
                name="question_not_merged_into_itself",
            ),
            models.CheckConstraint(
                condition=Q(state=State.REJECTED, rejection__in=Rejection.values)
                | (~Q(state=State.REJECTED) & Q(rejection="")),
                name="question_rejected_with_a_reason",
            ),
        )
        indexes = (
            models.Index(
                fields=["state", "changed_at"],
                name="question_unanswered",
                condition=Q(state__in=UNANSWERED),
            ),
        )

    def __str__(self) -> str:
        return self.reference

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        refuse_deletion()

    @property
    def has_personal_data(self) -> bool:
        """Whether anything is left that could tell who asked."""
        return bool(self.original or self.contact)

    def original_text(self) -> str:
        """The text as it was sent; empty once it is purged. For those who sort questions only."""
        return crypto.decrypt(self.original.encode()).decode() if self.original else ""

    @property
    def address(self) -> str:
        """Where to write to the asker, if they gave an address: for mailing only, never for display."""
        return str(self._contact().get("address", ""))

    @property
    def correspondence_language(self) -> str:
        return str(self._contact().get("language", self.language))

    def _contact(self) -> dict[str, str]:
        if not self.contact:
            return {}
        contact: dict[str, str] = json.loads(crypto.decrypt(self.contact.encode()))
        return contact

    @property
    def text(self) -> QuestionText | None:
        """Question and answer in the language in which they are written; None before it is accepted."""
        found: QuestionText | None = self.texts.filter(locale__language_code=self.written_in).first()
        return found


class QuestionText(TranslatableMixin, models.Model):
    """A question and its answer in one language: a draft that staff write and translators translate.

    Never public itself: what is public is a ``PublishedAnswer``, copied from both languages at once.
    """

    record = models.ForeignKey(
        Question, on_delete=models.PROTECT, related_name="texts", verbose_name=_("question")
    )
    question = models.TextField(_("question"), max_length=QUESTION_LENGTH)
    answer = models.TextField(_("answer"), max_length=ANSWER_LENGTH, blank=True)

    objects = QuestionTextQuerySet.as_manager()

    #: What the translation editor shows, in this order; ``hooks`` keeps the editor of snippets from writing it.
    panels: ClassVar[tuple[Any, ...]] = (FieldPanel("question"), FieldPanel("answer"))
    override_translatable_fields: ClassVar[list[SynchronizedField]] = synchronised("record")

    class Meta(TranslatableMixin.Meta):
        verbose_name = _("question and answer")
        verbose_name_plural = _("questions and answers")
        ordering = ("pk",)
        default_permissions = ("change",)
        constraints = (
            models.UniqueConstraint(fields=["record", "locale"], name="question_text_once_a_language"),
        )

    def __str__(self) -> str:
        return Truncator(self.question).chars(80)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        refuse_deletion()


class PublishedAnswer(models.Model):
    """What was published of a question, in both languages in one row; a correction is the next version.

    A trigger numbers the versions, stamps the time, and refuses to change or delete a row.
    """

    record = models.ForeignKey(
        Question, on_delete=models.PROTECT, related_name="published", verbose_name=_("question")
    )
    version = models.PositiveSmallIntegerField(_("version"), db_default=0, editable=False)
    question_en = models.TextField(_("question in English"))
    question_fr = models.TextField(_("question in French"))
    answer_en = models.TextField(_("answer in English"))
    answer_fr = models.TextField(_("answer in French"))
    published_at = models.DateTimeField(_("published"), db_default=TransactionNow(), editable=False)

    class Meta:
        verbose_name = _("published answer")
        verbose_name_plural = _("published answers")
        ordering = ("record", "version")
        default_permissions = ()
        constraints = (
            models.UniqueConstraint(fields=["record", "version"], name="answer_version_once"),
            models.CheckConstraint(
                condition=Q(question_en__regex=r"\S")
                & Q(question_fr__regex=r"\S")
                & Q(answer_en__regex=r"\S")
                & Q(answer_fr__regex=r"\S"),
                name="answer_public_in_both_languages",
            ),
        )

    def __str__(self) -> str:
        return f"{self.record_id} / {self.version}"

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        refuse_deletion()

    def _in_language(self, name: str) -> str:
        language = "fr" if (get_language() or "en").startswith("fr") else "en"
        text: str = getattr(self, f"{name}_{language}")
        return text

    @property
    def question(self) -> str:
        """The question in the language that is active."""
        return self._in_language("question")

    @property
    def answer(self) -> str:
        return self._in_language("answer")
