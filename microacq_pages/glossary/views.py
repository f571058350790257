"""Addresses beside the editor: one string by itself, typography put right; and the glossary as CSV."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from wagtail.admin import messages
from wagtail.log_actions import log

from microacq_pages import typography
from microacq_pages.exchange import services
from microacq_pages.exchange.judging import usable
from microacq_pages.exchange.units import Unit, units_of
from microacq_pages.exchange.views import editor_of, translation_for
from microacq_pages.models.glossary import GlossaryTerm

from . import tables
from .forms import StringForm, TermsFileForm
from .terms import Glossary

#: Anchor of the panels beside the editor.
ASIDE = "#translation-aside"


@require_http_methods(["GET", "POST"])
def edit_string(request: HttpRequest, translation_id: int, key: str) -> HttpResponse:
    """One string with its terms and what is pointed out in it."""
    translation = translation_for(request, translation_id)
    unit = next((unit for unit in units_of(translation) if unit.key == key), None)
    if unit is None:
        if request.method == "GET":
            raise Http404
        messages.error(request, _("The text was changed meanwhile. Translate the new text."))
        return redirect(editor_of(request, translation))
    form = StringForm(request.POST or None, unit=unit, initial={"target": unit.target or unit.suggestion})
    if form.is_valid():
        services.store(translation, unit, form.cleaned_data["target"], request.user)
        messages.success(request, _("The translation is stored."))
        return redirect(f"{editor_of(request, translation)}{ASIDE}")
    source, target = translation.source.locale.language_code, translation.target_locale.language_code
    glossary = Glossary.between(source, target)
    text = form["target"].value() or ""
    context = {
        "form": form,
        "unit": unit,
        "title": translation.source.object_repr,
        "back": editor_of(request, translation),
        "terms": [
            (term.right(source)[0], term.right(target)[0], term) for term in glossary.in_text(unit.source)
        ],
        "departures": glossary.departures(unit.source, text),
        "findings": typography.findings(text, target),
        "source_language": source,
        "target_language": target,
    }
    status = 422 if form.errors else 200
    return render(request, "microacq_pages/glossary/string.html", context, status=status)


@require_POST
def correct_typography(request: HttpRequest, translation_id: int) -> HttpResponse:
    """Put the typography of one string right, or of all; ``key`` names the one."""
    translation = translation_for(request, translation_id)
    language = translation.target_locale.language_code
    wanted = request.POST.get("key", "")
    count = 0
    for unit in units_of(translation):
        if unit.target and not unit.is_address and wanted in ("", unit.key):
            count += _correct(request, translation, unit, language)
    if count:
        log(
            instance=translation.get_target_instance(),
            action=services.CORRECTED,
            user=request.user,
            data={"count": count},
        )
        done = ngettext("%(count)d text was corrected.", "%(count)d texts were corrected.", count)
        messages.success(request, done % {"count": count})
    else:
        messages.info(request, _("There was nothing to correct: the text may have changed meanwhile."))
    return redirect(f"{editor_of(request, translation)}{ASIDE}")


def _correct(request: HttpRequest, translation: Any, unit: Unit, language: str) -> bool:
    corrected = typography.corrected(unit.target, language)
    if corrected == unit.target:
        return False
    text, reason = usable(unit, corrected)
    if reason:
        return False
    services.store(translation, unit, text, request.user)
    return True


@require_GET
def export_terms(request: HttpRequest) -> HttpResponse:
    """The glossary as CSV."""
    _require(request, "view")
    response = HttpResponse(
        "\ufeff" + tables.written(GlossaryTerm.objects.all()), content_type="text/csv; charset=utf-8"
    )
    response["Content-Disposition"] = 'attachment; filename="glossary.csv"'
    return response


@require_http_methods(["GET", "POST"])
def import_terms(request: HttpRequest) -> HttpResponse:
    """Terms from a file: all of it, or none with the reason for each line."""
    _require(request, "add")
    _require(request, "change")
    form = TermsFileForm(request.POST or None, request.FILES or None)
    faults: list[str] = []
    if form.is_valid():
        try:
            rows = tables.read(form.cleaned_data["file"].read(tables.LARGEST_FILE + 1))
            imported = tables.take(rows, request.user)
        except tables.UnreadableTableError as error:
            faults = error.faults
        else:
            messages.success(
                request,
                _("Added: %(added)d. Changed: %(changed)d. The same as before: %(same)d.")
                % {"added": imported.added, "changed": imported.changed, "same": imported.same},
            )
            return redirect(reverse(_viewset().get_url_name("list")))
    context = {"form": form, "faults": faults}
    status = 422 if faults or form.errors else 200
    return render(request, "microacq_pages/glossary/import.html", context, status=status)


def _viewset() -> Any:
    return getattr(GlossaryTerm, "snippet_viewset")  # noqa: B009 (set by Wagtail)


def _require(request: HttpRequest, action: str) -> None:
    if not _viewset().permission_policy.user_has_permission(request.user, action):
        raise PermissionDenied
