"""What the documents name exists: files, headings, settings, commands, both languages of each guide."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.management import get_commands

from config.checks import DEMO_USERNAMES

ROOT = Path(__file__).resolve().parents[1]
DOCS = ROOT / "docs"
GUIDES = DOCS / "guides"
OPERATIONS = DOCS / "operations.md"
DOCUMENTS = [ROOT / "README.md", *sorted(DOCS.rglob("*.md"))]
FRENCH = sorted(DOCS.rglob("*.fr.md"))
ROLES = ("client", "it-strategy", "cfob", "translator", "evaluator", "finance", "auditor", "supplier")

LINK = re.compile(r"\[[^\]]*\]\((?!https?://|mailto:)([^)\s]+)\)")
CODE = re.compile(r"```.*?```|`[^`]*`", re.DOTALL)
VARIABLE = re.compile(r"\b(?:[A-Z][A-Z0-9]*_)+[A-Z0-9]+\b|\bDEBUG\b")
READ = re.compile(
    r"(?:environment\.(?:text|flag|words)|_needs\.require|os\.environ\.get)\(\s*\"([A-Z_]+)\"", re.DOTALL
)
HEADING = re.compile(r"^(#+) (.+)$", re.MULTILINE)


def text_of(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def name_of(path: Path) -> str:
    return str(path.relative_to(ROOT))


def anchors(path: Path) -> set[str]:
    """The anchors that GitHub and GitLab make of headings."""
    titles = (title for _level, title in HEADING.findall(re.sub(r"```.*?```", "", text_of(path), flags=re.S)))
    return {re.sub(r"[^\w\- ]", "", title.lower()).strip().replace(" ", "-") for title in titles}


@pytest.mark.parametrize("document", DOCUMENTS, ids=name_of)
def test_every_relative_link_leads_somewhere(document: Path) -> None:
    for link in LINK.findall(CODE.sub("", text_of(document))):
        path, _hash, anchor = link.partition("#")
        target = (document.parent / path).resolve() if path else document
        assert target.exists(), f"{name_of(document)}: {link}"
        if anchor:
            assert anchor in anchors(target), f"{name_of(document)}: {link}"


def test_every_document_is_in_the_index() -> None:
    index = DOCS / "README.md"
    linked = {(DOCS / link.partition("#")[0]).resolve() for link in LINK.findall(text_of(index))}
    assert set(DOCS.rglob("*.md")) - {index} - linked == set()


def test_pictures_are_there_and_small() -> None:
    pictures = sorted((DOCS / "pictures").iterdir())
    assert [picture.name for picture in pictures if picture.stat().st_size > 150_000] == []
    shown = {link for link in LINK.findall(text_of(ROOT / "README.md")) if link.endswith(".png")}
    assert shown == {name_of(picture) for picture in pictures}


# --- operations ----------------------------------------------------------------------------------------------


def variables_of_production() -> set[str]:
    """Every environment variable that the production settings read, themselves or through what they import."""
    names: set[str] = set()
    for source in ("settings/base.py", "settings/production.py", "database.py"):
        names.update(READ.findall(text_of(ROOT / "site/config" / source)))
    refused = re.search(r"for _name in \(([^)]*)\)", text_of(ROOT / "site/config/settings/production.py"))
    assert refused, "production.py no longer names the variables that it refuses"
    return names | set(re.findall(r"\"(\w+)\"", refused.group(1)))


def settings_without_a_variable() -> set[str]:
    """What the applications read of the settings with a default of their own."""
    found: set[str] = set()
    for folder in ("microacq_pages", "submissions"):
        for source in (ROOT / folder).rglob("*.py"):
            found.update(re.findall(r"getattr\(settings, \"(MICROACQ_\w+)\", \d", text_of(source)))
    return found


def named_in_tables(document: Path) -> set[str]:
    """Names in the first column of the tables of settings."""
    rows = re.findall(r"^\| (`[A-Z][A-Z0-9_]+`(?:, `[A-Z0-9_]+`)*) \|", text_of(document), re.MULTILINE)
    return {name for row in rows for name in re.findall(r"`(\w+)`", row)}


def test_operations_explains_every_variable_that_production_reads() -> None:
    code = " ".join(CODE.findall(text_of(OPERATIONS)))
    assert variables_of_production() - set(VARIABLE.findall(code)) == set()


def test_operations_names_no_variable_that_nothing_reads() -> None:
    known = variables_of_production() | settings_without_a_variable()
    assert named_in_tables(OPERATIONS) - known == set()


def test_operations_explains_every_setting_without_a_variable() -> None:
    assert settings_without_a_variable() - named_in_tables(OPERATIONS) == set()


def commands_named(document: Path) -> Iterator[str]:
    for code in CODE.findall(text_of(document)):
        yield from re.findall(r"manage\.py ([a-z_]+)", code)


@pytest.mark.parametrize("document", DOCUMENTS, ids=name_of)
def test_every_management_command_exists(document: Path) -> None:
    assert set(commands_named(document)) - set(get_commands()) == set()


def test_every_command_of_ours_is_explained() -> None:
    ours = {name for name, app in get_commands().items() if app in {"microacq_pages", "submissions"}}
    words = " ".join(text_of(document) for document in DOCUMENTS)
    assert {name for name in ours if name not in words} == set()


def test_every_make_target_named_exists() -> None:
    targets = set(re.findall(r"^([a-z-]+):", text_of(ROOT / "Makefile"), re.MULTILINE))
    for document in DOCUMENTS:
        for code in CODE.findall(text_of(document)):
            assert set(re.findall(r"\bmake ([a-z-]+)", code)) - targets == set(), name_of(document)


def test_every_table_that_the_grants_name_exists() -> None:
    from django.apps import apps

    tables = {model._meta.db_table for model in apps.get_models(include_auto_created=True)}
    # Not models: a queue that the audit's triggers fill, and Django's own record of migrations.
    tables |= {"submissions_auditqueue", "django_migrations"}
    named = set()
    for columns in re.findall(r"REVOKE [A-Z, ]+ ON ([a-z0-9_, ]+) FROM", text_of(OPERATIONS)):
        named |= {name.strip() for name in columns.split(",")}
    assert named and named - tables == set()


def revoked(act: str) -> set[str]:
    """Tables on which operations takes an act away from the role that runs the site."""
    grants = re.findall(r"REVOKE ([A-Z, ]+) ON ([a-z0-9_, ]+) FROM", text_of(OPERATIONS))
    return {table.strip() for acts, tables in grants if act in acts for table in tables.split(",")}


@pytest.mark.django_db
@pytest.mark.parametrize("act", ["UPDATE", "DELETE"])
def test_what_the_database_refuses_to_change_is_taken_away_from_the_running_role(act: str) -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        # Rows that no condition lets change, whichever column; of a deletion it is enough that the table watches it.
        cursor.execute(
            "SELECT DISTINCT relname FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid"
            " JOIN pg_proc ON pg_proc.oid = tgfoid"
            " WHERE NOT tgisinternal AND tgtype & 2 <> 0 AND tgtype & %s <> 0"
            " AND (%s = 'DELETE' OR tgattr = '' AND (proname = 'microacq_refuse' OR prosrc !~* '\\mif\\M'))"
            " AND relname <> 'django_content_type'",
            [{"UPDATE": 16, "DELETE": 8}[act], act],
        )
        kept = {table for (table,) in cursor.fetchall()}
    assert len(kept) > 5
    assert kept - revoked(act) == set()


def test_the_readme_names_every_demonstration_account() -> None:
    readme = text_of(ROOT / "README.md")
    assert [name for name in DEMO_USERNAMES if f"`{name}`" not in readme] == []


def test_the_readme_shows_every_folder_of_the_process() -> None:
    readme = text_of(ROOT / "README.md")
    stages = [path.parent.name for path in (ROOT / "submissions").glob("*/__init__.py")]
    missing = [name for name in stages if f"{name}/" not in readme]
    assert set(missing) <= {"management", "migrations", "templatetags"}


# --- guides --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", ROLES)
def test_each_guide_says_the_same_in_both_languages(role: str) -> None:
    english, french = (text_of(GUIDES / f"{role}.{language}.md") for language in ("en", "fr"))
    for pattern in (r"^#+ ", r"^- ", r"^\d+\. ", r"^- \*\*"):
        counts = [len(re.findall(pattern, text, re.MULTILINE)) for text in (english, french)]
        assert counts[0] == counts[1], f"{role}: {pattern}"


def test_there_is_no_guide_of_an_unknown_role() -> None:
    assert {path.name.split(".")[0] for path in GUIDES.iterdir()} == set(ROLES)


#: What must not be found in French text, and why.
FAULTS = {
    r"'": "a straight apostrophe",
    r"\"": "a straight quotation mark",
    r"[“”]": "English quotation marks",
    r"«(?!\u00a0)": "no no-break space after «",
    r"(?<!\u00a0)»": "no no-break space before »",
    r"(?<=\w)\s?(?<!\u00a0):(?=\s)": "no no-break space before a colon",
    r"[ \u00a0\u202f][;!?]": "a space before ; ! or ?, which Canadian usage leaves out",
    r"\d [\d$%]": "a breaking space in a number, or before $ or %",
    r"\.\.\.": "three full stops for an ellipsis",
}


@pytest.mark.parametrize("document", FRENCH, ids=name_of)
def test_french_typography(document: Path) -> None:
    text = re.sub(r"\]\([^)]*\)", "]", CODE.sub("", text_of(document)))
    found = {fault: re.findall(f".{{0,20}}{pattern}.{{0,10}}", text) for pattern, fault in FAULTS.items()}
    assert {fault: places for fault, places in found.items() if places} == {}
