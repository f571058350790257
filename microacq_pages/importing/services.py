"""Imports an opportunity: writes the draft and its translation, and sends it on its way.

Owns the writing, in one transaction: with a fault nothing is written. What may be written is decided in
``preparation``; publication goes through the workflow like anybody's.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _
from wagtail.coreutils import find_available_slug
from wagtail.log_actions import LogContext, log
from wagtail.models import Page, WorkflowState

from microacq_pages import pairs, publishing
from microacq_pages.importing import alignment, content, lookup
from microacq_pages.importing.faults import ImportFault, Remark
from microacq_pages.importing.parser import Pair
from microacq_pages.importing.preparation import File, Options, Prepared, prepare, translation_refusal
from microacq_pages.importing.translations import TranslationWriter
from microacq_pages.models import AcceptanceCriterion, Criterion, Opportunity
from microacq_pages.review import PublicationTask

if TYPE_CHECKING:
    from django.contrib.auth.models import User

SLUG_LENGTH = 100


@dataclass
class Report:
    """What an import did, and what its reader has to look at."""

    page: Page
    created: bool
    changed: list[str]
    notes: list[Remark]
    skills: lookup.Skills
    strings_written: int = 0
    progress: tuple[int, int] = (0, 0)
    blockers: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    submitted: bool = False
    published: bool = False


@transaction.atomic
def import_pair(english: File, french: File, options: Options) -> Report:
    """Make or update the draft of an opportunity from its two files.

    Args:
        english: the English file.
        french: the French file.
        options: on whose behalf, and what to do after the draft is saved.

    Returns:
        A report; with ``dry_run``, of what would have happened.

    Raises:
        ImportFault: with everything that is wrong; nothing is written.
    """
    ready = prepare(english, french, options)
    report = Report(ready.page, ready.created, ready.changed, list(ready.pair.notes), ready.skills)
    with LogContext(user=options.user):
        _save(ready, report, options)
        _translate(ready.pair, report, options)
        if options.submit:
            _submit(report, options)
        if options.publish:
            _publish(report, options)
    report.progress = pairs.translation_progress(report.page)
    if not report.published:
        _tell_findings(report)
    if options.dry_run:
        transaction.set_rollback(True)
    return report


def _tell_findings(report: Report) -> None:
    """What stands against posting it, and what asks for attention."""
    for finding in publishing.publication_findings(report.page):
        is_blocker = finding.level == publishing.Level.BLOCKER
        (report.blockers if is_blocker else report.warnings).append(str(finding))


# --- the draft and its translation ------------------------------------------------------------------


def _save(ready: Prepared, report: Report, options: Options) -> None:
    page = ready.page
    if ready.created:
        page.slug = _free_slug(page.title, ready.index)
        ready.index.add_child(instance=page)
        log(instance=page, action="wagtail.create", user=options.user, content_changed=True)
        page.save_revision(user=options.user, log_action=False)
        pairs.start_translation(page, options.user)
    elif ready.changed:
        page.save()
        page.save_revision(user=options.user, log_action=True)
        if pairs.translation_of(page) is None:
            pairs.start_translation(page, options.user)
        pairs.refresh_translation(page)
    report.page = Opportunity.objects.get(pk=page.pk)


def _free_slug(title: str, parent: Page, ignore: int | None = None) -> str:
    slug = slugify(title)[:SLUG_LENGTH].strip("-") or "opportunity"
    free: str = find_available_slug(parent, slug, ignore_page_id=ignore)
    return free


def _translate(pair: Pair, report: Report, options: Options) -> None:
    """Store the other language's texts as translations, and bring its draft up to date.

    Raises:
        ImportFault: the translation would change, and the person may not change it.
    """
    translation = pairs.translation_of(report.page)
    target = pairs.counterpart(report.page)
    if translation is None or target is None:
        return
    writer = TranslationWriter(translation, options.user)
    facts = pair.target.facts
    for name, text in content.field_values(facts, content.TRANSLATED_FIELDS).items():
        writer.write_text(name, text)
    if report.created:
        if not (pair.source.facts.department or facts.department):
            language = translation.target_locale.language_code
            writer.write_text("department", settings.MICROACQ_DEPARTMENT[language])
        writer.write_text("slug", _free_slug(facts.title, target.get_parent(), target.pk))
    for rich_text in _rich_texts(report.page, pair):
        _translate_field(writer, rich_text, pair, report)
    for leaf, reason in writer.outcome.conflicts:
        message = _("Not placed, because %(reason)s: “%(text)s”") % {"reason": reason, "text": leaf.text}
        report.notes.append(Remark(pair.target.name, leaf.line, message))
    for text in writer.outcome.replaced:
        message = _("Replaced a translation that was written by hand: “%(text)s”") % {"text": text}
        report.notes.append(Remark(pair.target.name, 0, message))
    report.strings_written = writer.outcome.written
    if report.strings_written:
        refusal = "" if report.created else translation_refusal(report.page, target, options.user)
        if refusal:
            raise ImportFault([Remark("", 0, refusal)])
        translation.save_target(user=options.user, publish=False)


@dataclass(frozen=True)
class _RichText:
    """One rich text of the page: where it is for the translation, what people call it, its two versions."""

    path: str
    label: str
    blocks: content.BothLanguages


def _rich_texts(page: Opportunity, pair: Pair) -> Iterator[_RichText]:
    for name in content.RICH_FIELDS:
        label = str(Opportunity._meta.get_field(name).verbose_name)
        yield _RichText(name, label, content.rich_blocks(pair, name))
    draft = pairs.latest(page)
    for relation, model, found in (
        ("criteria", Criterion, pair.criteria),
        ("acceptance_criteria", AcceptanceCriterion, pair.acceptance),
    ):
        rows = sorted(getattr(draft, relation).all(), key=lambda row: row.sort_order or 0)
        for number, (row, criterion) in enumerate(zip(rows, found, strict=False), start=1):
            path = f"{relation}.{row.translation_key}.statement"
            label = f"{model._meta.verbose_name} {number}"
            yield _RichText(path, label, content.statement_blocks(criterion, model))


def _translate_field(writer: TranslationWriter, text: _RichText, pair: Pair, report: Report) -> None:
    aligned = alignment.align(*text.blocks)
    writer.write_leaves(text.path, aligned.pairs)
    alone = _("%(field)s: no translation could be told for certain: “%(text)s”")
    unplaced = _("%(field)s: not placed, for the translator to place: “%(text)s”")
    elsewhere = _("%(field)s: the other language has this text elsewhere in its list: “%(text)s”")
    for document, leaves, message in (
        (pair.source, aligned.source_alone, alone),
        (pair.target, aligned.target_alone, unplaced),
        (pair.source, aligned.reordered, elsewhere),
    ):
        for leaf in leaves:
            values = {"field": text.label, "text": leaf.text}
            report.notes.append(Remark(document.name, leaf.line, message % values))


# --- what follows -----------------------------------------------------------------------------------


def _submit(report: Report, options: Options) -> None:
    """Submit the draft to the workflow of its page, or resubmit it after it was sent back.

    Raises:
        ImportFault: the person may not, the page is under review already, or its author has more to write.
    """
    page, user = report.page, options.user
    rights = page.permissions_for_user(user)
    if not (rights.can_edit() and rights.can_submit_for_moderation()):
        reason = (
            _("“%(title)s” is under review already.")
            if page.workflow_in_progress
            else _("%(user)s may not submit “%(title)s” for review.")
        )
        raise ImportFault([Remark("", 0, reason % {"title": page.title, "user": user})])
    state = page.current_workflow_state
    try:
        if state is not None and state.status == WorkflowState.STATUS_NEEDS_CHANGES:
            state.resume(user)
        else:
            page.get_workflow().start(page, user)
    except publishing.PublicationBlocked as refusal:
        raise ImportFault(
            [Remark(_("Not submitted"), 0, sentence) for sentence in refusal.sentences()]
        ) from refusal
    report.submitted = True


def _publish(report: Report, options: Options) -> None:
    """Publish both languages, as the person would at the last step of the workflow.

    Raises:
        ImportFault: with every reason why this person may not publish this text now.
    """
    page, user = report.page, options.user
    task = page.current_workflow_task
    reasons = [str(blocker) for blocker in publishing.publication_blockers(page)]
    if user is None or not _may_publish(page, user):
        reasons.insert(0, _("%(user)s may not publish opportunities.") % {"user": user})
    if user is not None and user.pk in publishing.authors_of(page):
        reasons.insert(0, str(publishing.own_text_blocker()))
    if not isinstance(task, PublicationTask):
        reasons += [str(blocker) for blocker in publishing.approval_blockers(page)]
    if not reasons:
        try:
            if isinstance(task, PublicationTask):
                task.on_action(page.current_workflow_task_state, user, "approve")
            else:
                publishing.publish_pair(page, user=user)
        except publishing.PublicationBlocked as refusal:
            reasons = refusal.sentences()
    if reasons:
        raise ImportFault([Remark(_("Not published"), 0, reason) for reason in reasons])
    report.page = Opportunity.objects.get(pk=page.pk)
    report.published = True


def _may_publish(page: Page, user: User) -> bool:
    """Whether the person belongs to the groups that end the workflow of this page."""
    workflow = page.get_workflow()
    tasks = [task.specific for task in workflow.tasks] if workflow else []
    groups = {group.pk for task in tasks if isinstance(task, PublicationTask) for group in task.groups.all()}
    return bool(user.is_superuser or user.groups.filter(pk__in=groups).exists())
