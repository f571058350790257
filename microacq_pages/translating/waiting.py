"""Everything that waits for translators, in order of urgency, in a constant number of queries.

Counts the kinds of ``left`` over all translations at once, in the database. Knows pages and every translatable snippet
by their wagtail-localize records; what is due is asked of ``due``.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.db.models import Max
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from wagtail.models import Locale, Page, TaskState, WorkflowState
from wagtail.permission_policies.pages import PagePermissionPolicy
from wagtail.snippets.models import get_snippet_models
from wagtail.snippets.permissions import user_can_edit_snippet_type
from wagtail_localize.models import StringSegment, StringTranslation, Translation

from microacq_pages.models import TranslationTask
from microacq_pages.models.translating import ReplacedString, StringWords
from microacq_pages.pairs import LANGUAGES
from microacq_pages.permission_testers import EDIT_TRANSLATION

from . import measure
from .due import due_by

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractBaseUser

_COUNTS_SQL = """
WITH spot AS (
    SELECT DISTINCT job.id AS job, job.target_locale_id AS locale, segment.context_id AS context,
           segment.string_id AS string
    FROM {translation} job
    JOIN {segment} segment ON segment.source_id = job.source_id
    WHERE job.enabled
), judged AS (
    SELECT spot.job, counted.words, done.id IS NOT NULL AS done,
           remembered.string IS NOT NULL AS remembered, changed.id IS NOT NULL AS changed
    FROM spot
    LEFT JOIN {words} counted ON counted.string_id = spot.string
    LEFT JOIN {target} done ON done.context_id = spot.context AND done.translation_of_id = spot.string
        AND done.locale_id = spot.locale AND NOT done.has_error
    LEFT JOIN (
        SELECT DISTINCT translation_of_id AS string, locale_id AS locale
        FROM {target} WHERE NOT has_error AND data <> ''
    ) remembered ON remembered.string = spot.string AND remembered.locale = spot.locale
    LEFT JOIN {replaced} changed ON changed.context_id = spot.context AND changed.string_id = spot.string
        AND changed.locale_id = spot.locale
)
SELECT job, count(*), count(*) FILTER (WHERE done),
    coalesce(sum(words) FILTER (WHERE NOT done AND NOT remembered AND NOT changed), 0)::int,
    coalesce(sum(words) FILTER (WHERE NOT done AND NOT remembered AND changed), 0)::int,
    coalesce(sum(words) FILTER (WHERE NOT done AND remembered), 0)::int,
    count(*) FILTER (WHERE NOT done AND changed),
    count(*) FILTER (WHERE words IS NULL)
FROM judged
GROUP BY job
"""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far one translation is: strings in all and done, words left of each kind, strings that changed."""

    total: int
    done: int
    new: int
    changed: int
    remembered: int
    strings_changed: int

    @property
    def left(self) -> int:
        return self.total - self.done

    @property
    def words(self) -> int:
        return self.new + self.changed + self.remembered


@dataclass(frozen=True, slots=True)
class Job:
    """One translation that waits.

    Attributes:
        translation_id: Of wagtail-localize's ``Translation``.
        title: Of the source, as translators see it.
        kind: Name of the page type or snippet, in the reader's language.
        model: ``app_label.model`` of the source, for filters.
        language: Code of the language into which it is translated.
        progress: How much is left.
        due: Until when it is needed (UTC).
        since: When the source last changed (UTC).
        url: Its editor.
        step: Where a completed translation is confirmed in the review; empty when no review waits for it.
        changed_meanwhile: Whether the source changed after this person last worked on it.
    """

    translation_id: int
    title: str
    kind: str
    model: str
    language: str
    progress: Progress
    due: datetime | None
    since: datetime
    url: str
    step: str
    changed_meanwhile: bool

    @property
    def source_language(self) -> str:
        return LANGUAGES[1 - LANGUAGES.index(self.language)]

    @property
    def is_complete(self) -> bool:
        return self.progress.left == 0


def jobs_for(user: Any) -> list[Job]:
    """Every translation that this person may write and that has something left, or completes a review.

    The most urgent first: what is due soonest, then what a review waits for, then the oldest.
    """
    if not (user.is_active and user.has_perm(EDIT_TRANSLATION)):
        return []
    progress = progress_of_all()
    steps = _steps()
    # Plain rows: a thousand records of wagtail-localize take longer to build than to read.
    rows = [
        row
        for row in (
            Translation.objects.filter(enabled=True)
            .order_by()
            .values_list(
                "pk",
                "source__object_id",
                "source__specific_content_type_id",
                "source__object_repr",
                "source__last_updated_at",
                "target_locale_id",
            )
        )
        if row[0] in progress and (progress[row[0]].left or row[1] in steps)
    ]
    addresses = _addresses(user, ((row[1], row[2]) for row in rows))
    mine = _last_written(user)
    due = due_by(row[1] for row in rows)
    languages = dict(Locale.objects.values_list("pk", "language_code"))
    kinds = {content_type: _kind(content_type) for content_type in {row[2] for row in rows}}
    jobs = []
    for pk, key, content_type, title, since, locale in rows:
        address = addresses.get((key, locale))
        if address is None:
            continue
        model, kind = kinds[content_type]
        written = mine.get(key)
        jobs.append(
            Job(
                translation_id=pk,
                title=title,
                kind=kind,
                model=model,
                language=languages[locale],
                progress=progress[pk],
                due=due.get(key),
                since=since,
                url=address,
                step=steps.get(key, ""),
                changed_meanwhile=bool(progress[pk].left and written is not None and since > written),
            )
        )
    return sorted(jobs, key=urgency)


def _kind(content_type_id: int) -> tuple[str, str]:
    """Name of a kind of page or snippet for filters, and for readers."""
    kind = ContentType.objects.get_for_id(content_type_id)
    model = kind.model_class()
    return f"{kind.app_label}.{kind.model}", capfirst(str(model._meta.verbose_name)) if model else kind.name


def urgency(job: Job) -> tuple[bool, datetime, bool, datetime]:
    """The order of work: what is due soonest, then what a review waits for, then the oldest."""
    return (job.due is None, job.due or job.since, not job.step, job.since)


def progress_of_all() -> dict[int, Progress]:
    """How far every translation is, by primary key, in one query; words of strings never seen are counted first."""
    rows = _counted()
    if any(row[-1] for row in rows):
        measure.keep_all()
        rows = _counted()
    return {row[0]: Progress(*row[1:7]) for row in rows}


def _counted() -> list[tuple[Any, ...]]:
    query = _COUNTS_SQL.format(
        translation=Translation._meta.db_table,
        segment=StringSegment._meta.db_table,
        words=StringWords._meta.db_table,
        target=StringTranslation._meta.db_table,
        replaced=ReplacedString._meta.db_table,
    )
    with connection.cursor() as cursor:
        cursor.execute(query)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    return rows


def _last_written(user: AbstractBaseUser) -> dict[UUID, datetime]:
    return dict(
        StringTranslation.objects.filter(last_translated_by_id=user.pk)
        .values("context__object_id")
        .annotate(last=Max("updated_at"))
        .values_list("context__object_id", "last")
    )


def changed_since_last_written(translation: Translation, user: AbstractBaseUser) -> bool:
    """Whether the source changed after this person last wrote in this translation."""
    last = StringTranslation.objects.filter(
        context__object_id=translation.source.object_id, last_translated_by_id=user.pk
    ).aggregate(last=Max("updated_at"))["last"]
    return last is not None and translation.source.last_updated_at > last


def step_of(object_id: UUID) -> str:
    """Where the completion of one translation is confirmed, if a review waits for it."""
    return _steps().get(object_id, "")


def _addresses(user: Any, sources: Iterable[tuple[UUID, int]]) -> dict[tuple[UUID, int], str]:
    """The editors that this person may open, by translation key and language.

    Args:
        user: Who asks.
        sources: Translation keys with the content type of what they name.
    """
    keys_of: dict[int, set[UUID]] = {}
    for key, content_type_id in sources:
        keys_of.setdefault(content_type_id, set()).add(key)
    addresses: dict[tuple[UUID, int], str] = {}
    page_keys: set[UUID] = set()
    snippets = set(get_snippet_models())
    for content_type_id, keys in keys_of.items():
        model: Any = ContentType.objects.get_for_id(content_type_id).model_class()
        if model is None:
            continue
        if issubclass(model, Page):
            page_keys |= keys
        elif model in snippets and user_can_edit_snippet_type(user, model):
            name = model.snippet_viewset.get_url_name("edit")
            addresses.update(_located(model.objects.filter(translation_key__in=keys), name))
    if page_keys:
        allowed = PagePermissionPolicy().instances_user_has_permission_for(user, "change")
        addresses.update(_located(allowed.filter(translation_key__in=page_keys), "wagtailadmin_pages:edit"))
    return addresses


def _located(rows: Any, name: str) -> dict[tuple[UUID, int], str]:
    # One address is resolved and the others made like it: reversing thousands costs more than the queries.
    mark = "987654321"
    pattern = reverse(name, args=[mark])
    return {
        (key, locale): pattern.replace(mark, str(pk))
        for key, locale, pk in rows.values_list("translation_key", "locale_id", "pk")
    }


def _steps() -> dict[UUID, str]:
    """Of the reviews that wait for their translation: where its completion is confirmed, by translation key."""
    states = TaskState.objects.filter(
        status=TaskState.STATUS_IN_PROGRESS,
        task__in=TranslationTask.objects.all(),
        workflow_state__status=WorkflowState.STATUS_IN_PROGRESS,
    ).values_list("pk", "workflow_state__object_id")
    pages = dict(
        Page.objects.filter(pk__in=[page for _state, page in states]).values_list("pk", "translation_key")
    )
    return {
        pages[int(page)]: reverse("wagtailadmin_pages:workflow_action", args=[page, "approve", state])
        for state, page in states
        if int(page) in pages
    }


def summary(progress: Progress) -> str:
    """How much is left, in words: for lists that have no columns."""
    return _("%(new)s new words, %(changed)s changed, %(remembered)s translated before") % {
        "new": progress.new,
        "changed": progress.changed,
        "remembered": progress.remembered,
    }
