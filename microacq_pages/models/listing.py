"""What the public list searches: one narrow row per public opportunity, and one row of words per language.

Outside the revisions of pages, and always able to be made again from them: ``finding/index.py`` writes these rows when
a pair goes live, changes or comes down. Number, state and times are copied from ``PublicStatus`` by a trigger, whoever
writes that, so that a count of ten thousand reads one small table.
"""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models.functions import Coalesce, Concat, Now
from django.utils.translation import gettext_lazy as _

from .opportunity import Opportunity
from .status import PublicStatus

OPEN, CLOSED = "open", "closed"
SPACE = models.Value(" ", output_field=models.TextField())


class ListedOpportunityQuerySet(models.QuerySet["ListedOpportunity"]):
    def posted(self) -> ListedOpportunityQuerySet:
        """Those that have a file, with ``public_state``: what the public calls their state, by the database's clock.

        It is the state of the file, but for a posted one: ``open`` before its deadline, ``closed`` after it.
        """
        posted = PublicStatus.State.POSTED
        return self.filter(state__isnull=False).annotate(
            public_state=models.Case(
                models.When(state=posted, deadline__gt=Now(), then=models.Value(OPEN)),
                models.When(state=posted, then=models.Value(CLOSED)),
                default=models.F("state"),
                output_field=models.CharField(),
            )
        )


class ListedOpportunity(models.Model):
    """What is the same in both languages of a public opportunity.

    ``project`` and each of ``skills`` is the lowest key of the rows of both languages: short, and the same in every
    address, whatever the language.
    """

    translation_key = models.UUIDField(unique=True)
    price = models.DecimalField(max_digits=8, decimal_places=2, null=True)
    project = models.BigIntegerField(null=True)
    skills = ArrayField(models.BigIntegerField(), default=list)
    number = models.CharField(max_length=12, null=True, unique=True)
    state = models.CharField(max_length=20, null=True)
    posted_at = models.DateTimeField(null=True)
    amended_at = models.DateTimeField(null=True)
    deadline = models.DateTimeField(null=True)

    objects = ListedOpportunityQuerySet.as_manager()

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("row of the list of opportunities")
        verbose_name_plural = _("rows of the list of opportunities")
        default_permissions = ()
        indexes = (
            models.Index(fields=["deadline"], name="listed_deadline"),
            models.Index(
                Coalesce("amended_at", "posted_at").desc(), models.F("id").desc(), name="listed_latest"
            ),
        )

    def __str__(self) -> str:
        return self.number or str(self.translation_key)


class ListedText(models.Model):
    """The words of one language, by weight: title, skills, teaser, the rest."""

    listed = models.ForeignKey(ListedOpportunity, on_delete=models.CASCADE, related_name="texts")
    language = models.CharField(max_length=2)
    page = models.OneToOneField(Opportunity, on_delete=models.CASCADE, related_name="+")
    title = models.TextField()
    skills = models.TextField(blank=True)
    teaser = models.TextField(blank=True)
    body = models.TextField(blank=True)
    vector = models.GeneratedField(
        expression=models.Func(
            "language", "title", "skills", "teaser", "body", function="microacq_search_vector"
        ),
        output_field=SearchVectorField(),
        db_persist=True,
    )
    plain = models.GeneratedField(
        expression=models.Func(
            Concat("title", SPACE, "skills", SPACE, "teaser"),
            function="microacq_search_plain",
        ),
        output_field=models.TextField(),
        db_persist=True,
    )

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("words of the list of opportunities")
        verbose_name_plural = _("words of the list of opportunities")
        default_permissions = ()
        constraints = (models.UniqueConstraint(fields=["listed", "language"], name="listed_once_a_language"),)
        indexes = (
            GinIndex(fields=["vector"], name="listed_words_en", condition=models.Q(language="en")),
            GinIndex(fields=["vector"], name="listed_words_fr", condition=models.Q(language="fr")),
            GinIndex(fields=["plain"], opclasses=["gin_trgm_ops"], name="listed_trigrams"),
        )

    def __str__(self) -> str:
        return self.title
