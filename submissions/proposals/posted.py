"""What the form page contributes to a posting: checklist, extra questions, confirmations and terms.

Owns: the copies, in both languages, that the file keeps (DESIGN rule 4), and what must be written before
anything can be posted. Imports no view and no form.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any
from uuid import NAMESPACE_URL, UUID, uuid5

from django.utils.html import escape
from django.utils.translation import gettext as _
from django.utils.translation import override
from wagtail.contrib.forms.forms import FormBuilder
from wagtail.rich_text import expand_db_html

from microacq_pages.formats import date_long, money
from microacq_pages.publishing import Blocker
from submissions.proposals import opening
from submissions.proposals.pages import ProposalFormPage
from submissions.solicitations.enums import ItemKind
from submissions.solicitations.models import PostedItem

if TYPE_CHECKING:
    from microacq_pages.models import Opportunity

LANGUAGES = ("en", "fr")


def _identity(name: str) -> UUID:
    return uuid5(NAMESPACE_URL, f"microacq:confirmation:{name}")


def _delivery(opportunity: Opportunity, language: str) -> str:
    return _("I will deliver the work by %(date)s.") % {
        "date": date_long(opportunity.delivery_date, language)
    }


def _price(opportunity: Opportunity, language: str) -> str:
    return _("I will do the work for the fixed price of %(price)s before tax.") % {
        "price": money(opportunity.price, language)
    }


def _payment(opportunity: Opportunity, language: str) -> str:
    return _("I accept to be paid by credit card or by PayPal.")


#: What a supplier confirms for every opportunity, each with the identity that it keeps for ever.
CONFIRMATIONS: dict[UUID, Callable[[Opportunity, str], str]] = {
    _identity("delivery-date"): _delivery,
    _identity("fixed-price"): _price,
    _identity("payment"): _payment,
}


def form_pages() -> dict[str, ProposalFormPage]:
    """The live form page of each language."""
    return {
        page.locale.language_code: page for page in ProposalFormPage.objects.live().select_related("locale")
    }


def posting_items(english: Opportunity, french: Opportunity) -> list[PostedItem]:
    """What is added to the posting of an opportunity, copied from the form page as it is live now."""
    pages = form_pages()
    items = [*_confirmations(english, french)]
    if set(pages) == set(LANGUAGES):
        items += [*_checklist(pages), *_questions(pages), _terms(pages)]
    return items


def blockers() -> list[Blocker]:
    """Why no opportunity can be posted: the form page is not ready, or sealing is not proven."""
    found: list[Blocker] = []
    pages = form_pages()
    for language in LANGUAGES:
        page = pages.get(language)
        if page is None:
            found.append(
                Blocker("no-form-page", _("The page by which suppliers apply is not live."), language)
            )
            continue
        if not page.checklist.exists():
            found.append(Blocker("no-checklist", _("The application form has no checklist."), language))
        if not page.terms.strip():
            found.append(Blocker("no-terms", _("The application form has no terms."), language))
    reason = opening.reason_against_posting()
    if reason:
        found.append(Blocker("no-trial-seal", reason))
    return found


def _pairs(pages: dict[str, ProposalFormPage], relation: str) -> Iterator[tuple[int, Any, Any]]:
    french = {row.translation_key: row for row in getattr(pages["fr"], relation).all()}
    for position, row in enumerate(getattr(pages["en"], relation).all(), start=1):
        yield position, row, french[row.translation_key]


def _checklist(pages: dict[str, ProposalFormPage]) -> Iterator[PostedItem]:
    for position, english, french in _pairs(pages, "checklist"):
        yield PostedItem(
            kind=ItemKind.CHECKLIST,
            identity=english.translation_key,
            position=position,
            text_en=escape(english.statement),
            text_fr=escape(french.statement),
        )


def _questions(pages: dict[str, ProposalFormPage]) -> Iterator[PostedItem]:
    for position, english, french in _pairs(pages, "form_fields"):
        yield PostedItem(
            kind=ItemKind.QUESTION,
            identity=english.translation_key,
            position=position,
            text_en=escape(english.label),
            text_fr=escape(french.label),
            help_en=escape(english.help_text),
            help_fr=escape(french.help_text),
            required=english.required,
            field_type=english.field_type,
            choices_en=choices_of(english),
            choices_fr=choices_of(french),
        )


def choices_of(question: Any) -> list[str]:
    """The choices that an editor wrote, one a line or between commas."""
    return [choice for choice, _label in FormBuilder([]).get_formatted_field_choices(question) if choice]


def _confirmations(english: Opportunity, french: Opportunity) -> Iterator[PostedItem]:
    for position, (identity, sentence) in enumerate(CONFIRMATIONS.items(), start=1):
        texts = {}
        for language, page in (("en", english), ("fr", french)):
            with override(language):
                texts[f"text_{language}"] = escape(sentence(page, language))
        yield PostedItem(kind=ItemKind.CONFIRMATION, identity=identity, position=position, **texts)


def _terms(pages: dict[str, ProposalFormPage]) -> PostedItem:
    return PostedItem(
        kind=ItemKind.TERMS,
        identity=pages["en"].translation_key,
        position=1,
        text_en=expand_db_html(pages["en"].terms),
        text_fr=expand_db_html(pages["fr"].terms),
    )


def preview_items(page: ProposalFormPage) -> list[PostedItem]:
    """What a file posted with ``page`` as it is now would ask, for the editors’ preview; never stored."""
    example = _("An opportunity’s own evaluation criteria stand here.")
    return [
        _preview(ItemKind.EVALUATION, page, escape(example), word_limit=250),
        *(_preview(ItemKind.CHECKLIST, row, escape(row.statement)) for row in page.checklist.all()),
        *(
            _preview(
                ItemKind.QUESTION,
                row,
                escape(row.label),
                help_en=escape(row.help_text),
                help_fr=escape(row.help_text),
                required=row.required,
                field_type=row.field_type,
                choices_en=choices_of(row),
                choices_fr=choices_of(row),
            )
            for row in page.form_fields.all()
        ),
        _preview(ItemKind.TERMS, page, page.terms),
    ]


def _preview(kind: ItemKind, row: Any, text: str, **rest: Any) -> PostedItem:
    identity = row.translation_key
    return PostedItem(kind=kind, identity=identity, position=1, text_en=text, text_fr=text, **rest)
