"""What an import puts on a page: values of fields, criteria and skills, set only where they differ.

Owns the mapping from a parsed pair to the fields of ``Opportunity``. Setting only what differs lets
``services`` tell an import that changes nothing, which must not void an approval. Saves nothing; knows no
user and no workflow.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from microacq_pages.importing.facts import CONFIRMATIONS, Facts
from microacq_pages.importing.parser import CriterionPair, Pair
from microacq_pages.importing.richtext import Block, render, restrict
from microacq_pages.models import (
    AcceptanceCriterion,
    Criterion,
    Opportunity,
    OpportunitySkill,
    Project,
    Skill,
)

#: Field of the page -> attribute of Facts -> key of the front matter.
SHARED_FIELDS = {
    "price": ("price", "value"),
    "deadline": ("deadline", "closing_date"),
    "selection_date": ("selection_date", "start_date"),
    "delivery_date": ("delivery_date", "delivery_date"),
    "repository": ("repository", "repository"),
    "licence": ("licence", "licence"),
    "contact_name": ("contact_name", "contact_name"),
    "contact_email": ("contact_email", "contact_email"),
    "section_32_reference": ("section_32", "section_32"),
    "import_ref": ("ref", "ref"),
}
TRANSLATED_FIELDS = {
    "title": ("title", "title"),
    "teaser": ("teaser", "short_desc"),
    "department": ("department", "department"),
    "branch": ("branch", "branch"),
    "team": ("team", "team"),
}
RICH_FIELDS = ("background", "work")
#: One text as blocks, of the source and of its translation.
BothLanguages = tuple[tuple[Block, ...], tuple[Block, ...]]
# What Wagtail's editor adds: keys, and a cut in a list after an item that holds a list of the other kind.
_EDITOR_TRACES = re.compile(r' data-block-key="[^"]*"|</(ol|ul)><\1(?: data-block-key="[^"]*")?>')


def field_values(facts: Facts, fields: dict[str, tuple[str, str]]) -> dict[str, Any]:
    """Values by field of the page; what the file does not give is left out."""
    values = {name: getattr(facts, attribute) for name, (attribute, _key) in fields.items()}
    return {name: value for name, value in values.items() if value not in (None, "")}


def same_html(first: str, second: str) -> bool:
    """Tell whether two rich texts differ at most in what Wagtail's editor does by itself."""
    return _EDITOR_TRACES.sub("", first) == _EDITOR_TRACES.sub("", second)


def _same_value(first: Any, second: Any) -> bool:
    """Tell whether two values are equal; moments to the minute, because Wagtail's form drops the seconds."""
    if isinstance(first, datetime) and isinstance(second, datetime):
        return first.timestamp() // 60 == second.timestamp() // 60
    return bool(first == second)


def features_of(model: type, field: str) -> Sequence[str]:
    """The marks that the editor of a rich text field offers."""
    features: Sequence[str] = model._meta.get_field(field).features or ()  # type: ignore[attr-defined]  # a rich text field's
    return features


def rich_blocks(pair: Pair, field: str) -> BothLanguages:
    """One rich text field of the page in both languages."""
    features = features_of(Opportunity, field)
    return (
        restrict(getattr(pair.source.body, field), features),
        restrict(getattr(pair.target.body, field), features),
    )


def statement_blocks(pair: CriterionPair, model: type) -> BothLanguages:
    """The statement of one criterion in both languages."""
    features = features_of(model, "statement")
    return restrict(pair.source.blocks, features), restrict(pair.target.blocks, features)


def apply(page: Opportunity, pair: Pair, project: Project | None, skills: Sequence[Skill]) -> list[str]:
    """Give an unsaved page what the files say.

    Returns:
        The fields that changed.
    """
    values = field_values(pair.facts, SHARED_FIELDS) | field_values(pair.source.facts, TRANSLATED_FIELDS)
    values |= {CONFIRMATIONS[name]: True for name in pair.facts.confirmed}
    if project is not None and (
        page.project is None or page.project.translation_key != project.translation_key
    ):
        values["project"] = project
    changed = []
    for name, value in values.items():
        if not _same_value(getattr(page, name), value):
            setattr(page, name, value)
            changed.append(name)
    for name in RICH_FIELDS:
        html = render(rich_blocks(pair, name)[0])
        if html and not same_html(getattr(page, name), html):
            setattr(page, name, html)
            changed.append(name)
    changed += _apply_criteria(page, "criteria", Criterion, pair.criteria)
    changed += _apply_criteria(page, "acceptance_criteria", AcceptanceCriterion, pair.acceptance)
    changed += _apply_skills(page, skills)
    return changed


def _apply_criteria(
    page: Opportunity, relation: str, model: type, pairs: Sequence[CriterionPair]
) -> list[str]:
    """Write the statements on the criteria that the page has, so that each keeps its identity."""
    if not pairs:
        return []
    manager = getattr(page, relation)
    existing = sorted(manager.all(), key=lambda row: row.sort_order or 0)
    wanted = [(pair, render(statement_blocks(pair, model)[0])) for pair in pairs]
    rows = _matched_rows(existing, [html for _pair, html in wanted])
    changed = len(existing) != len(wanted)
    result = []
    for position, ((pair, html), row) in enumerate(zip(wanted, rows, strict=True)):
        values: dict[str, Any] = {"sort_order": position, "standard": pair.standard}
        if pair.word_limit:
            values["word_limit"] = pair.word_limit
        if row is None:
            row = model(locale=page.locale)  # noqa: PLW2901  # the criterion is new
            changed = True
        if not same_html(row.statement, html):
            values["statement"] = html
        for name, value in values.items():
            if getattr(row, name) != value:
                setattr(row, name, value)
                changed = True
        result.append(row)
    if changed:
        manager.set(result)
    return [relation] if changed else []


def _matched_rows(existing: Sequence[Any], statements: Sequence[str]) -> list[Any | None]:
    """For each statement the criterion that has it already, else one in order whose own statement is gone."""
    rows: list[Any | None] = [None] * len(statements)
    left = list(existing)
    for index, html in enumerate(statements):
        rows[index] = next((row for row in left if same_html(row.statement, html)), None)
        if rows[index] is not None:
            left.remove(rows[index])
    for index, row in enumerate(rows):
        if row is None and left:
            rows[index] = left.pop(0)
    return rows


def _apply_skills(page: Opportunity, skills: Sequence[Skill]) -> list[str]:
    if not skills:
        return []
    current = sorted(page.opportunity_skills.all(), key=lambda row: row.sort_order or 0)
    if [row.skill.translation_key for row in current] == [skill.translation_key for skill in skills]:
        return []
    page.opportunity_skills.set(
        [OpportunitySkill(skill=skill, sort_order=position) for position, skill in enumerate(skills)]
    )
    return ["opportunity_skills"]
