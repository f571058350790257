"""What is stored of the survey: which files were asked about, which rights are spent, what is held, and the sums.

No row leads from an answer to a person, a file or a moment. Single answers are never stored as rows: they are held
together in one encrypted text, and only added to sums, five or more at once. Imports no view.
"""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from .enums import Cohort

#: The row of a year and cohort that counts the people.
PEOPLE = "people"


class SurveyMailing(models.Model):
    """That the suppliers of one file were asked, once. Says nothing of them."""

    solicitation = models.OneToOneField(
        "submissions.Solicitation", on_delete=models.PROTECT, primary_key=True, related_name="+"
    )

    class Meta:
        verbose_name = _("survey mailing")
        verbose_name_plural = _("survey mailings")
        default_permissions = ()

    def __str__(self) -> str:
        return str(self.solicitation)


class SurveyAddress(models.Model):
    """That an address was asked as one of a cohort of a year, so that nobody is asked twice. Only a keyed digest."""

    digest = models.CharField(max_length=64)
    year = models.PositiveSmallIntegerField()
    cohort = models.CharField(max_length=8, choices=Cohort.choices)

    class Meta:
        verbose_name = _("address asked")
        verbose_name_plural = _("addresses asked")
        default_permissions = ()
        constraints = (
            models.UniqueConstraint(fields=["digest", "year", "cohort"], name="survey_asked_once_a_year"),
        )

    def __str__(self) -> str:
        return f"#{self.pk}"


class SpentRight(models.Model):
    """A right to answer that was used. Which answer came with it is known to nobody."""

    digest = models.CharField(max_length=64, primary_key=True)
    until = models.DateField(help_text=_("From this day on it would be refused anyway, and the row goes."))

    class Meta:
        verbose_name = _("spent right to answer")
        verbose_name_plural = _("spent rights to answer")
        default_permissions = ()

    def __str__(self) -> str:
        return self.digest[:8]


class HeldAnswers(models.Model):
    """The answers of a year and cohort that wait until they are five: all in one encrypted text of a fixed length."""

    year = models.PositiveSmallIntegerField()
    cohort = models.CharField(max_length=8, choices=Cohort.choices)
    locked = models.TextField()
    looked_on = models.DateField(null=True)

    class Meta:
        verbose_name = _("held answers")
        verbose_name_plural = _("held answers")
        default_permissions = ()
        constraints = (models.UniqueConstraint(fields=["year", "cohort"], name="survey_held_together"),)

    def __str__(self) -> str:
        return f"{self.year} {self.cohort}"


class SurveySum(models.Model):
    """How many people of a year and cohort gave an answer, and up to how many may be read (``steps``).

    The database lets both only grow, five people at once. Everybody who was asked a question is its answer without a
    name.
    """

    year = models.PositiveSmallIntegerField(_("year"))
    cohort = models.CharField(_("cohort"), max_length=8, choices=Cohort.choices)
    question = models.CharField(_("question"), max_length=20)
    choice = models.CharField(_("answer"), max_length=30, blank=True)
    count = models.PositiveIntegerField(_("people"))
    shown = models.PositiveIntegerField(_("of them, those who may be read"), default=0)

    class Meta:
        verbose_name = _("survey sum")
        verbose_name_plural = _("survey sums")
        default_permissions = ("view",)
        constraints = (
            models.UniqueConstraint(fields=["year", "cohort", "question", "choice"], name="survey_sum_once"),
            models.CheckConstraint(
                condition=models.Q(shown__lte=models.F("count")), name="survey_shown_is_counted"
            ),
        )

    def __str__(self) -> str:
        return f"{self.year} {self.cohort} {self.question} {self.choice}"
