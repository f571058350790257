"""Screens of translators: all that waits, only what is left of one text, and its preview.

Each asks again whether the person may write the translation. Rules are in ``left``, ``saving`` and ``waiting``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from django.contrib import messages
from django.core.exceptions import ObjectDoesNotExist, PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.generic import TemplateView
from wagtail.admin.paginator import WagtailPaginator
from wagtail.admin.utils import get_valid_next_url_from_request
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.models import Page
from wagtail.utils.decorators import xframe_options_sameorigin_override
from wagtail_localize.models import Translation

from microacq_pages.permission_testers import EDIT_TRANSLATION

from . import forms, left, preview, saving, typed, waiting
from .panels import StatusPanel

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractBaseUser

JOBS_ON_A_PAGE = 50


def translation_for(user: Any, translation_id: int) -> tuple[Translation, Any]:
    """A translation under way and the page or snippet that it fills.

    Raises:
        Http404: when there is none.
        PermissionDenied: when the person may not write it.
    """
    translation = get_object_or_404(
        Translation.objects.select_related("source__locale", "target_locale"), pk=translation_id, enabled=True
    )
    try:
        instance = translation.get_target_instance()
    except ObjectDoesNotExist as error:
        raise Http404 from error
    if not saving.may_translate(user, instance):
        raise PermissionDenied
    return translation, instance


class JobsView(WagtailAdminTemplateMixin, TemplateView):
    """Everything that waits for translators, the most urgent first."""

    template_name = "microacq_pages/translating/jobs.html"
    header_icon = "wagtail-localize-language"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.user.has_perm(EDIT_TRANSLATION):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get_page_title(self) -> str:
        return _("Translations")

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [*self.breadcrumbs_items, {"url": "", "label": self.get_page_title()}]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        jobs = waiting.jobs_for(self.request.user)
        form = forms.FilterForm(self.request.GET, jobs=jobs)
        chosen = form.chosen(jobs)
        page = WagtailPaginator(chosen, JOBS_ON_A_PAGE).get_page(self.request.GET.get("p"))
        return {
            **super().get_context_data(**kwargs),
            "form": form,
            "jobs": page.object_list,
            "items": page,
            "elided_page_range": page.paginator.get_elided_page_range(page.number),
            "is_filtered": form.is_used(),
            "next": self.request.get_full_path(),
        }


class LeftView(WagtailAdminTemplateMixin, TemplateView):
    """Only what is left of one translation, as a plain form that needs no script.

    Its buttons: save what is typed; use an earlier translation (``use``), or every exact one (``use_all``); start from
    what stood there before (``start``).
    """

    template_name = "microacq_pages/translating/left.html"
    header_icon = "wagtail-localize-language"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        self.translation, self.instance = translation_for(request.user, kwargs["translation_id"])
        self.typed: dict[typed.Place, typed.Typed] = {}
        self.outcomes: dict[typed.Place, saving.Outcome] = {}
        self.start: typed.Place | None = None
        return super().dispatch(request, *args, **kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.typed = typed.read(request.POST)
        if start := typed.place_of(request.POST.get("start", "")):
            self.start = start
            return self.render_to_response(self.get_context_data(**kwargs))
        if getattr(self.instance, "locked", False):
            messages.error(request, _("The page is locked: nothing was saved. What you typed is below."))
            return self.render_to_response(self.get_context_data(**kwargs), status=409)
        written = self._written(request)
        outcomes = saving.save(self.translation, written, cast("AbstractBaseUser", request.user))
        self.outcomes = {
            (each.context_id, each.string_id): outcome
            for each, outcome in zip(written, outcomes, strict=True)
        } | {
            place: saving.Outcome(saving.Result.INVALID, field.error)
            for place, field in self.typed.items()
            if field.error
        }
        self._tell(request)
        refused = [outcome for outcome in self.outcomes.values() if not outcome.is_saved]
        if refused:
            conflict = any(outcome.result is saving.Result.CONFLICT for outcome in refused)
            return self.render_to_response(self.get_context_data(**kwargs), status=409 if conflict else 422)
        return redirect(get_valid_next_url_from_request(request) or request.path)

    def _written(self, request: HttpRequest) -> list[saving.Written]:
        """What was typed, and what the buttons put in its place."""
        written = {
            place: field.written() for place, field in self.typed.items() if field.data and not field.error
        }
        chosen = typed.choice_of(request.POST.get("use", ""))
        if chosen is None and "use_all" not in request.POST:
            return list(written.values())
        for item in left.left_in(self.translation):
            place = (item.segment.context_id, item.segment.string_id)
            for offer in item.suggestions:
                if chosen == (place, offer.pk) or (
                    "use_all" in request.POST and offer.is_exact and place not in written
                ):
                    seen = self.typed[place].seen if place in self.typed else item.token
                    written[place] = saving.Written(*place, data=offer.data, seen=seen)
                    break
        return list(written.values())

    def _tell(self, request: HttpRequest) -> None:
        results = [outcome.result for outcome in self.outcomes.values()]
        saved = results.count(saving.Result.SAVED)
        if saved:
            messages.success(
                request,
                ngettext("%(count)d piece of text saved.", "%(count)d pieces of text saved.", saved)
                % {"count": saved},
            )
        for outcome in self.outcomes.values():
            if outcome.result is saving.Result.CHANGED_MEANWHILE:
                messages.warning(request, outcome.message)
        if any(not outcome.is_saved for outcome in self.outcomes.values()):
            messages.error(request, _("Some texts were not saved. What you typed is below, with the reason."))

    def get_page_title(self) -> str:
        return _("Only what is left")

    def get_page_subtitle(self) -> str:
        return str(self.translation.source.object_repr)

    def get_header_title(self) -> str:
        return _("Only what is left: %(title)s") % {"title": self.get_page_subtitle()}

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [
            *self.breadcrumbs_items,
            {"url": reverse("microacq_translations"), "label": _("Translations")},
            {"url": left.edit_url(self.instance), "label": self.get_page_subtitle()},
            {"url": "", "label": self.get_page_title()},
        ]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        refused = frozenset(place for place, outcome in self.outcomes.items() if not outcome.is_saved)
        # A conflict or an error is shown where its text stands, also when another person has translated it.
        items = left.left_in(self.translation, also=refused)
        shown = {(item.segment.context_id, item.segment.string_id) for item in items}
        for item in items:
            self._fill(item)
        waits = [item for item in items if not (item.stored and not item.stored.has_error)]
        return {
            **super().get_context_data(**kwargs),
            "translation": self.translation,
            "instance": self.instance,
            "items": items,
            "status": StatusPanel(
                self.translation, waits, cast("AbstractBaseUser", self.request.user), is_list=True
            ),
            "has_exact": any(offer.is_exact for item in waits for offer in item.suggestions),
            "homeless": [
                (field.raw, self.outcomes[place].message)
                for place, field in self.typed.items()
                if place in refused - shown
            ],
            "next": get_valid_next_url_from_request(self.request) or "",
            "is_page": isinstance(self.instance, Page),
            "edit_url": left.edit_url(self.instance),
        }

    def _fill(self, item: left.Left) -> None:
        """What the field of a text shows: what was typed, what to start from, or what cannot be used yet."""
        place = (item.segment.context_id, item.segment.string_id)
        if place in self.typed:
            item.value = self.typed[place].raw
        if place == self.start and item.former is not None:
            item.value, item.is_focused = item.former.data, True
        outcome = self.outcomes.get(place)
        if outcome is not None and not outcome.is_saved:
            item.error = outcome.message
            item.theirs = outcome.stored if outcome.result is saving.Result.CONFLICT else None


@method_decorator(xframe_options_sameorigin_override, name="dispatch")
class PreviewView(TemplateView):
    """The page in the language of the translation, finished or not."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        translation, instance = translation_for(request.user, kwargs["translation_id"])
        if not isinstance(instance, Page):
            raise Http404
        return preview.respond(translation, request, get_language() or "en")
