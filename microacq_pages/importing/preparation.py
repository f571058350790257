"""Everything that is asked before an import writes: the files, the site, the rights of the person.

Owns the order of the questions and what a person may do, so that all faults are told at once. The only
things it makes are skills, when told to, within the caller's transaction.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.db import connection
from django.utils.translation import gettext as _
from wagtail.models import Page

from microacq_pages.importing import content, lookup
from microacq_pages.importing.facts import move_dates
from microacq_pages.importing.faults import ImportFault, Remark
from microacq_pages.importing.parser import Pair, read_pair
from microacq_pages.models import Opportunity, OpportunityIndex
from microacq_pages.panels import prefill_who_it_is_for

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractBaseUser


@dataclass(frozen=True)
class File:
    """One of the two files: its name, for messages, and its bytes."""

    name: str
    data: bytes


@dataclass(frozen=True)
class Options:
    """What is asked of an import beside reading the files."""

    user: Any = None
    source: str = "en"
    deadline: datetime | date | None = None
    create_skills: bool = False
    submit: bool = False
    publish: bool = False
    dry_run: bool = False


@dataclass(frozen=True)
class Prepared:
    """An import with nothing against it: ``page`` has the new content and is not saved yet."""

    pair: Pair
    page: Opportunity
    index: OpportunityIndex
    created: bool
    changed: list[str]
    skills: lookup.Skills = field(default_factory=lookup.Skills)


def prepare(english: File, french: File, options: Options) -> Prepared:
    """Read both files and put their content on the page, new or imported before.

    Raises:
        ImportFault: with everything that stands against the import.
    """
    files = [(english.name, "en", english.data), (french.name, "fr", french.data)]
    source, target = files if options.source == "en" else reversed(files)
    pair, faults = read_pair(source, target)
    pair = _moved(pair, options, faults)
    _wait_for_turn(pair.facts.ref)
    found = lookup.find_page(pair, faults)
    index = lookup.find_index(pair.source.language, faults)
    project = lookup.find_project(pair, faults)
    lookup.check_values(pair, faults)
    _check_options(options, faults)
    skills = lookup.find_skills(pair, faults, create=options.create_skills and not faults)
    if faults or index is None:
        raise ImportFault(faults)
    page = found or Opportunity(locale=index.locale, live=False, licence="", owner=options.user)
    changed = content.apply(page, pair, project, skills.found)
    if found is None:
        prefill_who_it_is_for(page)
    ready = Prepared(pair, page, index, found is None, changed, skills)
    refusal = _refusal(ready, options.user)
    if refusal:
        raise ImportFault([Remark("", 0, refusal)])
    return ready


def _moved(pair: Pair, options: Options, faults: list[Remark]) -> Pair:
    if options.deadline is None:
        return pair
    try:
        return replace(pair, facts=move_dates(pair.facts, options.deadline))
    except ValueError as error:
        # Without a deadline because the files are wrong, the files' own faults say enough.
        if not faults:
            faults.append(Remark("--deadline", 0, str(error)))
        return pair


def _wait_for_turn(ref: str) -> None:
    """Let imports of one reference run one after the other, so that the second finds what the first made."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"import_opportunity {ref}"])


def _check_options(options: Options, faults: list[Remark]) -> None:
    user = options.user
    if user is None and (options.submit or options.publish):
        faults.append(Remark("", 0, _("Only a person can submit or publish: name one with --as.")))
    if options.create_skills and user is not None and not user.has_perm("microacq_pages.add_skill"):
        message = _("%(user)s may not make skills: leave out --create-skills, or ask someone who may.")
        faults.append(Remark("", 0, message % {"user": user}))


def _refusal(ready: Prepared, user: AbstractBaseUser | None) -> str:
    """Why the person could not do this in the staff interface either; empty when they could."""
    if ready.created:
        if user is not None and not ready.index.permissions_for_user(user).can_add_subpage():
            return _("%(user)s may not write opportunities.") % {"user": user}
        return ""
    if not ready.changed:
        return ""
    if user is not None and not ready.page.permissions_for_user(user).can_edit():
        return _("%(user)s may not edit this opportunity.") % {"user": user}
    if _is_locked(ready.page, user):
        message = _("“%(title)s” is locked or under review: only who reviews it may change it now.")
        return message % {"title": ready.page.title}
    return ""


def translation_refusal(page: Page, target: Page, user: AbstractBaseUser | None) -> str:
    """Why the person may not change the translation: neither its author nor a translator of it; else empty."""
    if user is not None and target.permissions_for_user(user).can_edit():
        return ""
    may_edit = user is None or page.permissions_for_user(user).can_edit()
    if may_edit and not _is_locked(page, user):
        return ""
    message = _("“%(title)s”: only its translators may change the translation now.")
    return message % {"title": page.title}


def _is_locked(page: Page, user: AbstractBaseUser | None) -> bool:
    lock = page.get_lock()
    return lock is not None and (user is None or bool(lock.for_user(user)))
