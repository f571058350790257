"""What stands against a page being public: one predicate, asked by every route.

Knows no page type and no request. ``publishing.py`` acts on both languages; this module only says why not.

Seam for ``submissions`` (Wagtail hook): ``microacq_publication_blockers(page) -> list[Blocker]``: who else has
a reason against it, or a warning?
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import TextChoices
from django.utils.encoding import force_str
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.models import Page

from . import pairs

#: Code of the validation errors that carry a refusal.
REFUSED = "publication-blocked"
#: Codes of refusals that are answered by reading the text again.
CHANGED_MEANWHILE, NOT_SEEN = "changed-meanwhile", "not-seen"
READ_AGAIN = frozenset({CHANGED_MEANWHILE, NOT_SEEN})
LANGUAGE_NAMES = {"en": _("English"), "fr": _("French")}


class Level(TextChoices):
    """What a finding does: a blocker stops publication, a warning only asks for attention."""

    BLOCKER = "blocker", _("Must be changed")
    WARNING = "warning", _("To consider")


@dataclass(frozen=True)
class Blocker:
    """One finding about a page: a stable code, a sentence that says what to do, and where.

    Attributes:
        code: Stable name of the rule.
        message: What is the matter and what to do, in the reader's language.
        language: Side of the pair that it concerns, when only one.
        field: Field of the form to go to.
        level: Whether it stops publication.
        source: Policy or document that the rule comes from, in the reader's language.
        guidance: Slug of the page of the staff's guide that explains it.
        quote: What the message quotes of the text in that language.
    """

    code: str
    message: Any
    language: str = ""
    field: str = ""
    level: Level = Level.BLOCKER
    source: Any = ""
    guidance: str = ""
    quote: str = ""

    def __str__(self) -> str:
        message = force_str(self.message)
        if self.language in LANGUAGE_NAMES:
            return gettext("%(language)s: %(message)s") % {
                "language": force_str(LANGUAGE_NAMES[self.language]),
                "message": message,
            }
        return message


def missing(code: str, name: Any, field: str) -> Blocker:
    """The blocker for something that was left blank."""
    return Blocker(code, _("Missing: %(name)s.") % {"name": name}, field=field)


class PublicationBlocked(ValidationError):
    """A page cannot go live, change, come down or move as asked; ``blockers`` says why."""

    def __init__(self, blockers: list[Blocker]) -> None:
        self.blockers = blockers
        # In the words of the moment: a middleware that shows them no longer knows the person's language.
        self._sentences = [str(blocker) for blocker in blockers]
        # wagtail-localize reads ``error_dict``, so the error must belong to a field.
        super().__init__({"title": [ValidationError(s, code=REFUSED) for s in self._sentences]})

    def sentences(self) -> list[str]:
        return self._sentences


def publication_blockers(page: Page) -> list[Blocker]:
    """Every reason why this page and its counterpart may not go live as last saved.

    Args:
        page: Either language.

    Returns:
        Findings that stop publication. Empty when nothing stands against it.
    """
    return [finding for finding in publication_findings(page) if finding.level == Level.BLOCKER]


def publication_findings(page: Page) -> list[Blocker]:
    """Everything that is found about this page and its counterpart as last saved, warnings included.

    Args:
        page: Either language.

    Returns:
        Findings about the source's own content, the translation, and those of whoever answers
        ``microacq_publication_blockers``.
    """
    with pairs.reading():
        source = pairs.latest(pairs.source_of(page))
        return [*translation_blockers(source), *source.content_blockers(), *_answers(source)]


def findings_around(page: Page) -> list[Blocker]:
    """As ``publication_findings``, without those about the source's own content."""
    with pairs.reading():
        source = pairs.latest(pairs.source_of(page))
        return [*translation_blockers(source), *_answers(source)]


def _answers(source: Page) -> list[Blocker]:
    return [
        finding for answer in hooks.get_hooks("microacq_publication_blockers") for finding in answer(source)
    ]


def translation_blockers(page: Page) -> list[Blocker]:
    """What the other language lacks: the page, the text, or the latest changes of the source.

    Args:
        page: The source as last saved.
    """
    other = pairs.other_locale(page).language_code
    target = pairs.counterpart(page)
    translation = pairs.translation_of(page)
    if target is None or translation is None:
        return [
            Blocker("no-translation", _("The page does not exist in this language: translate it."), other)
        ]
    if not translation.enabled:
        return [
            Blocker(
                "translation-stopped",
                _("The translation was stopped: start the synced translation again."),
                translation.target_locale.language_code,
            )
        ]
    language = translation.target_locale.language_code
    blockers = []
    if pairs.is_outdated(translation, page):
        blockers.append(
            Blocker(
                "translation-outdated",
                _("The text changed after it was translated: update the translation."),
                language,
            )
        )
    missing_paths = pairs.missing_strings(translation)
    if missing_paths:
        blockers.append(
            Blocker(
                "translation-incomplete",
                ngettext(
                    "%(count)d piece of text is not translated, in “%(field)s”: translate it.",
                    "%(count)d pieces of text are not translated, the first in “%(field)s”: translate them.",
                    len(missing_paths),
                )
                % {"count": len(missing_paths), "field": field_label(page, missing_paths[0])},
                language,
                missing_paths[0].split(".")[0],
            )
        )
    if not _parents_correspond(page, target):
        blockers.append(
            Blocker(
                "misplaced",
                _("The two languages are under different pages: move one of them."),
                language,
            )
        )
    return blockers


def field_label(page: Page, path: str) -> str:
    """What the field at a path of wagtail-localize is called, in the reader's language."""
    name = path.split(".", maxsplit=1)[0]
    try:
        field = page._meta.get_field(name)
    except LookupError:
        return name
    label = getattr(field, "verbose_name", None) or field.related_model._meta.verbose_name
    return str(label)


def _parents_correspond(page: Page, target: Page) -> bool:
    ours, theirs = page.get_parent(), target.get_parent()
    return bool(ours.depth == 1 == theirs.depth or ours.translation_key == theirs.translation_key)
