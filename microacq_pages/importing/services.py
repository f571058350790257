"""Imports an opportunity: reads both files, writes the draft and its translation, and sends it on its way.

Owns the order of the steps and what a person may do; each step's rules live in the module it asks. Everything happens
in one transaction: with a fault nothing is written. Publication goes through the workflow like anybody's.
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.db import connection, transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _
from wagtail.coreutils import find_available_slug
from wagtail.log_actions import LogContext, log
from wagtail.models import Page, WorkflowState

from microacq_pages import pairs, publishing
from microacq_pages.importing import alignment, content, lookup
from microacq_pages.importing.facts import move_dates
from microacq_pages.importing.faults import ImportFault, Remark
from microacq_pages.importing.parser import Pair, read_pair
from microacq_pages.importing.richtext import Leaf
from microacq_pages.importing.translations import TranslationWriter
from microacq_pages.models import AcceptanceCriterion, Criterion, Opportunity, OpportunityIndex
from microacq_pages.review import PublicationTask

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractBaseUser

SLUG_LENGTH = 100


@dataclass(frozen=True)
class File:
    """One of the two files: its name, for messages, and its bytes."""

    name: str
    data: bytes


@dataclass(frozen=True)
class Options:
    """What is asked of an import beside reading the files."""

    user: AbstractBaseUser | None = None
    source: str = "en"
    deadline: datetime | date | None = None
    create_skills: bool = False
    submit: bool = False
    publish: bool = False
    dry_run: bool = False


@dataclass
class Report:
    """What an import did, and what its reader has to look at."""

    page: Page
    created: bool = False
    changed: list[str] = field(default_factory=list)
    strings_written: int = 0
    notes: list[Remark] = field(default_factory=list)
    skills: lookup.Skills = field(default_factory=lookup.Skills)
    progress: tuple[int, int] = (0, 0)
    blockers: list[str] = field(default_factory=list)
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
    pair, page, report = _prepare(english, french, options)
    with LogContext(user=options.user):
        _save(page, pair, report, options)
        _translate(pair, report, options)
        if options.submit:
            _submit(report, options)
        if options.publish:
            _publish(report, options)
    report.progress = pairs.translation_progress(report.page)
    if not report.published:
        report.blockers = [str(blocker) for blocker in publishing.publication_blockers(report.page)]
    if options.dry_run:
        transaction.set_rollback(True)
    return report


# --- before anything is written ---------------------------------------------------------------------


def _prepare(english: File, french: File, options: Options) -> tuple[Pair, Opportunity, Report]:
    """Read everything and collect every fault; hand back the page with the new content, not saved yet."""
    files = [(english.name, "en", english.data), (french.name, "fr", french.data)]
    source, target = files if options.source == "en" else reversed(files)
    pair, faults = read_pair(source, target)
    pair = _moved(pair, options, faults)
    _wait_for_turn(pair.facts.ref)
    page = lookup.find_page(pair, faults)
    created = page is None
    index = lookup.find_index(pair.source.language, faults)
    if page is None and index is not None:
        page = Opportunity(locale=index.locale, live=False, licence="", owner=options.user)
    project = lookup.find_project(pair, faults)
    found = lookup.find_skills(pair, faults, create=options.create_skills and not faults)
    lookup.check_values(pair, faults)
    _check_options(options, faults)
    changed = content.apply(page, pair, project, found.found) if page is not None and not faults else []
    if page is not None:
        _check_rights(page, index, created, changed, found, options, faults)
    if faults or page is None:
        raise ImportFault(faults)
    report = Report(page, created, changed, notes=list(pair.notes), skills=found)
    return pair, page, report


def _moved(pair: Pair, options: Options, faults: list[Remark]) -> Pair:
    if options.deadline is None:
        return pair
    try:
        return dataclasses.replace(pair, facts=move_dates(pair.facts, options.deadline))
    except ValueError as error:
        # Without a deadline because the files are wrong, the files' own faults say enough.
        if not faults:
            faults.append(Remark("--deadline", 0, str(error)))
        return pair


def _wait_for_turn(ref: str) -> None:
    """Let two imports of one reference run one after the other, so that the second finds what the first made."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"import_opportunity {ref}"])


def _check_options(options: Options, faults: list[Remark]) -> None:
    if options.user is None and (options.submit or options.publish):
        faults.append(Remark("", 0, _("Only a person can submit or publish: name one with --as.")))
    if options.create_skills and options.user is not None and not options.user.has_perm("microacq_pages.add_skill"):
        message = _("%(user)s may not make skills: leave out --create-skills, or ask someone who may.")
        faults.append(Remark("", 0, message % {"user": options.user}))


def _check_rights(
    page: Opportunity,
    index: OpportunityIndex | None,
    created: bool,
    changed: list[str],
    found: lookup.Skills,
    options: Options,
    faults: list[Remark],
) -> None:
    """Refuse what the person could not do in the staff interface."""
    user = options.user
    if created:
        if user is not None and index is not None and not index.permissions_for_user(user).can_add_subpage():
            faults.append(Remark("", 0, _("%(user)s may not write opportunities.") % {"user": user}))
        return
    if not changed:
        return
    if user is not None and not page.permissions_for_user(user).can_edit():
        faults.append(Remark("", 0, _("%(user)s may not edit this opportunity.") % {"user": user}))
    elif _is_locked(page, user):
        message = _("“%(title)s” is locked or under review: only who reviews it may change it now.")
        faults.append(Remark("", 0, message % {"title": page.title}))


def _is_locked(page: Page, user: AbstractBaseUser | None) -> bool:
    lock = page.get_lock()
    return lock is not None and (user is None or bool(lock.for_user(user)))


# --- the draft and its translation ------------------------------------------------------------------


def _save(page: Opportunity, pair: Pair, report: Report, options: Options) -> None:
    if report.created:
        index = lookup.find_index(pair.source.language, [])
        assert index is not None  # noqa: S101  # found a moment ago, in this transaction
        page.slug = _free_slug(pair.source.facts.title, index)
        index.add_child(instance=page)
        log(instance=page, action="wagtail.create", user=options.user, content_changed=True)
        page.save_revision(user=options.user, log_action=False)
        pairs.start_translation(page, options.user)
    elif report.changed:
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
    """Store the other language's texts as translations, and bring its draft up to date."""
    translation = pairs.translation_of(report.page)
    target = pairs.counterpart(report.page)
    if translation is None or target is None:
        return
    writer = TranslationWriter(translation, options.user)
    facts = pair.target.facts
    for name, text in content.field_values(facts, content.TRANSLATED_FIELDS).items():
        writer.write_text(name, text)
    if report.created:
        writer.write_text("slug", _free_slug(facts.title, target.get_parent(), target.pk))
    for path, name, blocks in _rich_texts(report.page, pair):
        _translate_field(writer, path, name, blocks, pair, report)
    for leaf, reason in writer.outcome.conflicts:
        message = _("Not placed, because %(reason)s: “%(text)s”") % {"reason": reason, "text": leaf.text}
        report.notes.append(Remark(pair.target.name, leaf.line, message))
    for text in writer.outcome.replaced:
        message = _("Replaced a translation that was written by hand: “%(text)s”") % {"text": text}
        report.notes.append(Remark(pair.target.name, 0, message))
    report.strings_written = writer.outcome.written
    if report.strings_written:
        translation.save_target(user=options.user, publish=False)


def _rich_texts(page: Opportunity, pair: Pair) -> list[tuple[str, str, Any]]:
    """Every rich text of the page: its path for the translation, its name for people, its blocks in both languages."""
    labels = {name: str(Opportunity._meta.get_field(name).verbose_name) for name in content.RICH_FIELDS}
    texts: list[tuple[str, str, Any]] = [
        (name, labels[name], content.rich_blocks(pair, name)) for name in content.RICH_FIELDS
    ]
    for relation, model, found in (
        ("criteria", Criterion, pair.criteria),
        ("acceptance_criteria", AcceptanceCriterion, pair.acceptance),
    ):
        rows = pairs.latest(page)
        ordered = sorted(getattr(rows, relation).all(), key=lambda row: row.sort_order or 0)
        for number, (row, criterion) in enumerate(zip(ordered, found, strict=False), start=1):
            name = f"{model._meta.verbose_name} {number}"
            path = f"{relation}.{row.translation_key}.statement"
            texts.append((path, name, content.statement_blocks(criterion, model)))
    return texts


def _translate_field(
    writer: TranslationWriter, path: str, name: str, blocks: Any, pair: Pair, report: Report
) -> None:
    aligned = alignment.align(*blocks)
    writer.write_leaves(path, aligned.pairs)
    place = {"field": name}

    def note(document: Any, leaf: Leaf, message: str) -> None:
        report.notes.append(Remark(document.name, leaf.line, message % (place | {"text": leaf.text})))

    for leaf in aligned.source_alone:
        note(pair.source, leaf, _("%(field)s: no translation could be told for certain: “%(text)s”"))
    for leaf in aligned.target_alone:
        note(pair.target, leaf, _("%(field)s: not placed, for the translator to place: “%(text)s”"))
    for leaf in aligned.reordered:
        note(pair.source, leaf, _("%(field)s: the other language has this text elsewhere in its list: “%(text)s”"))


# --- what follows -----------------------------------------------------------------------------------


def _submit(report: Report, options: Options) -> None:
    """Submit the draft to the workflow of its page, or resubmit it after it was sent back.

    Raises:
        ImportFault: the person may not, or the page is under review already.
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
    if state is not None and state.status == WorkflowState.STATUS_NEEDS_CHANGES:
        state.resume(user)
    else:
        page.get_workflow().start(page, user)
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
    report.published = report.page.live


def _may_publish(page: Page, user: AbstractBaseUser) -> bool:
    """Whether the person belongs to the groups that end the workflow of this page."""
    workflow = page.get_workflow()
    tasks = [task.specific for task in workflow.tasks] if workflow else []
    groups = {group.pk for task in tasks if isinstance(task, PublicationTask) for group in task.groups.all()}
    return bool(user.is_superuser or user.groups.filter(pk__in=groups).exists())  # type: ignore[attr-defined]
