"""What the guardrails find, as people meet it: a panel of the editor that follows what is typed; the price estimate.

Owns the form of both, for the editor and for the reviewers’ screen, and the address that judges what is typed but not
saved. What is found is asked of ``guardrails`` and ``blockers``. Imports no page type before it is asked.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS, PermissionDenied
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404
from django.template.loader import render_to_string
from django.urls import NoReverseMatch, reverse
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import mark_safe
from django.utils.text import capfirst
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST
from wagtail.admin.panels import FieldPanel, InlinePanel, Panel, PanelGroup
from wagtail.admin.ui.components import Component
from wagtail.models import Page

from . import blockers, guardrails, pairs
from .admin import person
from .blockers import Blocker, Level
from .formats import known_language, money, number
from .guardrails.dates import PROVINCE_NAMES

if TYPE_CHECKING:
    from .models import Opportunity

#: Most that is judged at once; a long opportunity has some tens of kilobytes.
LARGEST = 1_000_000
SCRIPT = forms.Media(css={"all": ["microacq_pages/css/findings.css"]}, js=["microacq_pages/js/findings.js"])


@dataclass(frozen=True)
class Item:
    """One finding as it is shown."""

    sentence: str
    place: str
    url: str
    source: Any
    guidance: str


def items(page: Page, found: Iterable[Blocker], editor: str = "") -> list[Item]:
    """Findings with the way to their field and to the guide.

    Args:
        page: The source, saved or not.
        found: What was found about it.
        editor: Address of the form, when it is not this one.
    """
    target = pairs.counterpart(page) if page.pk else None
    edit_target = reverse("wagtailadmin_pages:edit", args=[target.pk]) if target else ""
    shown = []
    for finding in found:
        elsewhere = finding.language and finding.language != page.locale.language_code
        anchor = f"{editor}#field-{finding.field}" if finding.field else ""
        shown.append(
            Item(
                sentence_of(finding),
                _label(page, finding.field),
                edit_target if elsewhere else anchor,
                finding.source,
                _guidance(finding.guidance),
            )
        )
    return shown


def sentence_of(finding: Blocker) -> str:
    """The sentence as HTML, with what it quotes of a text in the other language marked as such."""
    sentence = conditional_escape(str(finding))
    if not finding.quote or finding.language == known_language(get_language()):
        return sentence
    marked = format_html('<span lang="{}">{}</span>', finding.language, finding.quote)
    return mark_safe(sentence.replace(conditional_escape(finding.quote), marked, 1))  # noqa: S308 - both are escaped


def _label(page: Page, name: str) -> str:
    if not name:
        return ""
    field = page._meta.get_field(name)
    label = getattr(field, "verbose_name", None)
    return capfirst(str(label or field.related_model._meta.verbose_name_plural))


def _guidance(topic: str) -> str:
    try:
        return reverse("microacq_guidance", args=[topic]) if topic else ""
    except NoReverseMatch:
        return ""


def summary(found: Iterable[Blocker]) -> str:
    """How much there is to do, in one sentence."""
    levels = [finding.level for finding in found]
    must, may = levels.count(Level.BLOCKER), levels.count(Level.WARNING)
    if not levels:
        return _("The rules find nothing to change.")
    return " ".join(
        [
            ngettext("%(count)d thing must be changed.", "%(count)d things must be changed.", must)
            % {"count": must},
            ngettext("%(count)d thing to consider.", "%(count)d things to consider.", may) % {"count": may},
        ]
    )


def context_of(page: Page, found: list[Blocker], editor: str = "") -> dict[str, Any]:
    """What the lists of findings are made from."""
    return {
        "summary": summary(found),
        "groups": [
            (level, level.label, items(page, chosen, editor))
            for level in Level
            if (chosen := [finding for finding in found if finding.level == level])
        ],
    }


class FindingsPanel(Panel):
    """In the editor: what must be changed before posting and what to consider, while the author writes."""

    class BoundPanel(Panel.BoundPanel):
        template_name = "microacq_pages/admin/findings_panel.html"

        @property
        def media(self) -> forms.Media:
            return SCRIPT

        def get_context_data(self, parent_context: dict[str, Any] | None = None) -> dict[str, Any]:
            context: dict[str, Any] = super().get_context_data(parent_context)
            page = self.instance
            own = page.content_blockers()
            around = blockers.findings_around(page) if page.pk else []
            context.update(context_of(page, own))
            context["summary"] = summary([*own, *around])
            context["around"] = context_of(page, around)["groups"]
            context["address"] = (
                reverse("microacq_findings_of_page", args=[page.pk])
                if page.pk
                else reverse("microacq_findings_of_new", args=[self.form.parent_page.pk])
            )
            return context


class EstimatePanel(Panel):
    """Beside the price: what the effort is worth, what the price is with tax, what is left under the cap."""

    class BoundPanel(Panel.BoundPanel):
        template_name = "microacq_pages/admin/estimate_panel.html"

        def get_context_data(self, parent_context: dict[str, Any] | None = None) -> dict[str, Any]:
            context: dict[str, Any] = super().get_context_data(parent_context)
            context.update(estimate_context(self.instance))
            return context


class EstimateComponent(Component):
    """The same arithmetic on the reviewers’ screen."""

    name = "estimate"
    template_name = "microacq_pages/admin/estimate_component.html"
    order = 250

    def __init__(self, page: Opportunity) -> None:
        self.page = page

    def get_context_data(self, parent_context: dict[str, Any] | None = None) -> dict[str, Any]:
        return estimate_context(self.page)


def estimate_context(page: Opportunity) -> dict[str, Any]:
    """The numbers beside the price field, written in the reader’s language."""
    language = known_language(get_language())
    estimate = guardrails.Subject.of(page).estimate

    def written(amount: Any) -> str:
        return money(amount, language)

    taxed = estimate.by_province()
    amounts = [amount for _tax, amount in taxed]
    return {
        "estimate": estimate,
        "hours": "" if estimate.hours is None else number(estimate.hours.normalize(), language),
        "rate": written(estimate.rate),
        "worth": written(estimate.worth),
        "lowest": written(estimate.lowest),
        "highest": written(estimate.highest),
        "lowest_rate": written(estimate.lowest_rate),
        "highest_rate": written(estimate.highest_rate),
        "amount": written(estimate.amount),
        "left": written(abs(estimate.left)) if estimate.left is not None else "",
        "limit": written(guardrails.PRICE_LIMIT),
        "least_taxed": written(min(amounts)) if amounts else "",
        "most_taxed": written(max(amounts)) if amounts else "",
        "provinces": [
            {
                "name": PROVINCE_NAMES[tax.province],
                "taxes": tax.names_fr if language == "fr" else tax.names_en,
                "rate": number((tax.rate * 100).normalize(), language),
                "amount": written(amount),
                "over": amount > guardrails.CAP,
            }
            for tax, amount in taxed
        ],
    }


# --- what is typed but not saved ------------------------------------------------------------------------


@require_POST
def judge_typed(
    request: HttpRequest, page_id: int | None = None, parent_id: int | None = None
) -> HttpResponse:
    """Findings and estimate for what stands in the form of the editor; nothing is saved.

    Args:
        request: The form as it would be sent to save it.
        page_id: The opportunity that is edited.
        parent_id: The list below which a new one is written.

    Returns:
        JSON: the lists and the estimate as HTML, and a sentence that says how much there is to do, all lists together;
        413 for too much, 400 for what is no form.
    """
    if int(request.META.get("CONTENT_LENGTH") or 0) > LARGEST:
        return JsonResponse({"error": _("The text is too long to be checked while you write.")}, status=413)
    page, parent = _edited(request, page_id) if page_id is not None else _new(request, parent_id)
    try:
        faults = list(_take_over(request, page, parent))
    except (
        AttributeError,
        LookupError,
        TypeError,
        ValueError,
    ):  # what Wagtail’s widgets make of what no editor sends
        return JsonResponse({"error": _("What was sent is not the form of an opportunity.")}, status=400)
    found = page.content_blockers()
    named = {finding.field for finding in found}
    rows = set(page.get_edit_handler().get_form_class().formsets)
    found = [*(fault for fault in faults if fault.field in rows or fault.field not in named), *found]
    around = blockers.findings_around(page) if page_id is not None else []
    context = context_of(page, found)
    return JsonResponse(
        {
            "summary": summary([*found, *around]),
            "around": render_to_string(
                "microacq_pages/admin/includes/findings_around.html",
                {"around": context_of(page, around)["groups"]},
                request=request,
            ),
            "findings": render_to_string(
                "microacq_pages/admin/includes/findings.html", context, request=request
            ),
            "estimate": render_to_string(
                "microacq_pages/admin/includes/estimate.html", estimate_context(page), request=request
            ),
        }
    )


def _edited(request: HttpRequest, page_id: int | None) -> tuple[Opportunity, Page]:
    from .models import Opportunity

    page = get_object_or_404(Opportunity, pk=page_id)
    if not page.permissions_for_user(person(request)).can_edit():
        raise PermissionDenied
    return pairs.latest(page), page.get_parent().specific


def _new(request: HttpRequest, parent_id: int | None) -> tuple[Opportunity, Page]:
    from .models import Opportunity, OpportunityIndex

    parent = get_object_or_404(OpportunityIndex, pk=parent_id)
    if not parent.permissions_for_user(person(request)).can_add_subpage():
        raise PermissionDenied
    page = Opportunity(locale=parent.locale, owner=request.user)
    # As Wagtail's own preview of a page that does not exist yet: a place in the tree, for the form to look around.
    page.depth = parent.depth + 1
    last = parent.get_last_child()
    page.path = last._inc_path() if last else page._get_path(parent.path, page.depth, 1)
    return page, parent


def _take_over(request: HttpRequest, page: Opportunity, parent: Page) -> Iterator[Blocker]:
    """Put what was typed on the page in memory, as far as it is valid, and give what the form refuses."""
    form_class = page.get_edit_handler().get_form_class()
    form = form_class(request.POST, instance=page, parent_page=parent, for_user=request.user)
    form.defer_required_fields()
    if form.is_valid():
        form.save(commit=False)
        return
    for relation, formset in form.formsets.items():
        if formset.is_valid():
            formset.save(commit=False)
        else:
            yield from _row_faults(relation, formset)
    for name, errors in form.errors.items():
        if name != NON_FIELD_ERRORS and name in form.fields:
            yield Blocker("not-valid", " ".join(str(error) for error in errors), field=name)


def _row_faults(relation: str, formset: Any) -> Iterator[Blocker]:
    """What is refused in the rows of a list, each with the number of its row."""
    for error in formset.non_form_errors():
        yield Blocker("not-valid", str(error), field=relation)
    for position, row in enumerate(formset.forms, start=1):
        for name, errors in row.errors.items():
            label = row.fields[name].label if name in row.fields else ""
            sentence = _("%(number)d. %(label)s: %(fault)s") if label else _("%(number)d. %(fault)s")
            told = {"number": position, "label": label, "fault": " ".join(str(error) for error in errors)}
            yield Blocker("not-valid", sentence % told, field=relation)


# --- the form ----------------------------------------------------------------------------------------


def with_anchors(handler: Panel) -> Panel:
    """Give every field of a form a place that a link can lead to: ``#field-price``."""
    for panel in getattr(handler, "children", ()):
        if isinstance(panel, FieldPanel):
            panel.attrs = {**panel.attrs, "id": f"field-{panel.field_name}"}
        elif isinstance(panel, InlinePanel):
            panel.attrs = {**panel.attrs, "id": f"field-{panel.relation_name}"}
        if isinstance(panel, PanelGroup):
            with_anchors(panel)
    return handler
