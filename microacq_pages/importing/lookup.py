"""Finds what the files name: the opportunity imported before, its place, the project, the skills.

Owns the reading of the database for an import, and the making of skills when that is asked for. Faults are
collected, not raised, so that the author sees them all at once.
"""

from __future__ import annotations

import dataclasses
import uuid
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from wagtail.models import Locale

from microacq_pages import guardrails, pairs
from microacq_pages.importing import content, skills
from microacq_pages.importing.faults import Remark
from microacq_pages.importing.parser import Document, Pair
from microacq_pages.models import Criterion, Opportunity, OpportunityIndex, Project, Skill


@dataclass
class Skills:
    """The skills of an opportunity, and the names that no skill has."""

    found: list[Skill] = dataclasses.field(default_factory=list)
    unmatched: list[str] = dataclasses.field(default_factory=list)
    created: list[str] = dataclasses.field(default_factory=list)


def find_page(pair: Pair, faults: list[Remark]) -> Opportunity | None:
    """The opportunity that an earlier import of the same reference made, in the language of the source."""
    ref = pair.facts.ref
    keys = (
        set(Opportunity.objects.filter(import_ref=ref).values_list("translation_key", flat=True))
        if ref
        else set()
    )
    if not keys:
        return None
    line = pair.source.line("ref")
    if len(keys) > 1:
        message = _("Several opportunities carry the reference “%(ref)s”: give each its own.")
        faults.append(Remark(pair.source.name, line, message % {"ref": ref}))
        return None
    page = pairs.source_of(Opportunity.objects.filter(translation_key=keys.pop()).order_by("pk").first())
    if page.locale.language_code != pair.source.language:
        message = _(
            "“%(ref)s” was imported with the other language as its source: use --source %(language)s."
        )
        values = {"ref": ref, "language": page.locale.language_code}
        faults.append(Remark(pair.source.name, line, message % values))
    other = pairs.counterpart(page)
    if page.is_posted or page.live or (other is not None and other.live):
        message = _("“%(ref)s” is posted: a posted opportunity is not changed by an import.")
        faults.append(Remark(pair.source.name, line, message % {"ref": ref}))
    draft: Opportunity = pairs.latest(page)
    return draft


def find_index(language: str, faults: list[Remark]) -> OpportunityIndex | None:
    """The page below which opportunities of one language are made."""
    index = OpportunityIndex.objects.filter(locale__language_code=language).order_by("path").first()
    if index is None:
        faults.append(
            Remark("", 0, _("There is no list of opportunities to import into: run setup_site first."))
        )
    return index


def find_project(pair: Pair, faults: list[Remark]) -> Project | None:
    """The project that the files name by its title in either language."""
    found: set[uuid.UUID] = set()
    candidates = Project.objects.select_related("locale")
    titles = {(skills.key(project.title), project.translation_key): project for project in candidates}
    for document in (pair.source, pair.target):
        name = document.facts.project
        if not name:
            continue
        keys = {identity for title, identity in titles if title == skills.key(name)}
        if not keys:
            known = ", ".join(
                sorted({project.title for project in candidates if project.locale == _locale(document)})
            )
            message = _("There is no project called “%(name)s”; the projects are: %(known)s.")
            faults.append(
                Remark(document.name, document.line("project"), message % {"name": name, "known": known})
            )
        found |= keys
    if len(found) > 1:
        message = _("The two files name different projects.")
        faults.append(Remark(pair.target.name, pair.target.line("project"), message))
        return None
    if not found:
        return None
    projects = [project for project in candidates if project.translation_key in found]
    return next((p for p in projects if p.locale == _locale(pair.source)), projects[0])


def _locale(document: Document) -> Locale:
    return Locale.objects.get(language_code=document.language)


def find_skills(pair: Pair, faults: list[Remark], *, create: bool) -> Skills:
    """The skills that the files list, by their name in either language.

    Args:
        pair: both files.
        faults: receives what stands against it.
        create: make the skills that do not exist.
    """
    known = list(Skill.objects.select_related("locale").order_by("pk"))
    existing = {skills.key(skill.name): skill.translation_key for skill in known}
    names = {
        document.language: skills.split_names(document.facts.skills, [skill.name for skill in known])
        for document in (pair.source, pair.target)
    }
    ours, theirs = names[pair.source.language], names[pair.target.language]
    result = Skills()
    identities: list[Any] = []
    paired = len(ours) == len(theirs)
    for position, name in enumerate(ours):
        other = theirs[position] if paired else ""
        matched = skills.match([name], existing).found or (
            skills.match([other], existing).found if other else []
        )
        if matched:
            identities += [identity for identity in matched if identity not in identities]
        elif create:
            identities.append(_create_skill(pair, name, other, faults))
            result.created.append(f"{name} / {other}" if other and other != name else name)
        else:
            result.unmatched.append(name)
    if not paired:
        result.unmatched += [
            name for name in skills.match(theirs, existing).unmatched if name not in result.unmatched
        ]
    by_identity: dict[Any, Skill] = {}
    for skill in Skill.objects.filter(translation_key__in=identities).select_related("locale"):
        if skill.translation_key not in by_identity or skill.locale.language_code == pair.source.language:
            by_identity[skill.translation_key] = skill
    result.found = [by_identity[identity] for identity in identities if identity in by_identity]
    return result


def _create_skill(pair: Pair, name: str, other: str, faults: list[Remark]) -> uuid.UUID:
    identity = uuid.uuid4()
    for document, value in ((pair.source, name), (pair.target, other)):
        if not value:
            continue
        skill = Skill(name=value, locale=_locale(document), translation_key=identity)
        try:
            skill.full_clean()
        except ValidationError as error:
            sentences = " ".join(error.messages)
            message = _("The skill “%(name)s” cannot be made: %(reason)s")
            values = {"name": value, "reason": sentences}
            faults.append(Remark(document.name, document.line("skills"), message % values))
        else:
            skill.save()
    return identity


def check_values(pair: Pair, faults: list[Remark]) -> None:
    """Ask the fields of the page whether they can hold what the files say."""
    price = pair.facts.price
    if price is not None and price > guardrails.PRICE_LIMIT:
        message = _("The price is over %(limit)s: with the highest sales tax it would pass %(cap)s.")
        values = {"limit": guardrails.PRICE_LIMIT, "cap": guardrails.CAP}
        faults.append(Remark(pair.source.name, pair.source.line("value"), message % values))
    for document in (pair.source, pair.target):
        fields = content.TRANSLATED_FIELDS | (content.SHARED_FIELDS if document is pair.source else {})
        facts = pair.facts if document is pair.source else document.facts
        for name, value in content.field_values(facts, fields).items():
            place = Remark(document.name, document.line(fields[name][1]), "")
            _check(Opportunity._meta.get_field(name), value, place, faults)
    for criterion in pair.criteria:
        place = Remark(pair.source.name, criterion.source.line, "")
        _check(Criterion._meta.get_field("word_limit"), criterion.word_limit, place, faults)


def _check(field: Any, value: Any, place: Remark, faults: list[Remark]) -> None:
    """Ask one field; a line that has a fault already gets no second one."""
    if any((fault.file, fault.line) == (place.file, place.line) for fault in faults):
        return
    try:
        field.clean(value, None)
    except ValidationError as error:
        message = _("%(field)s: %(reason)s") % {
            "field": capfirst(field.verbose_name),
            "reason": " ".join(error.messages),
        }
        faults.append(Remark(place.file, place.line, message))
