"""The screen of staff about the mailing list: numbers, and addresses written to again. No address is shown."""

from __future__ import annotations

from typing import Any, cast

from django import forms
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _
from django.views.generic import TemplateView
from wagtail.admin import messages
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.widgets import AdminDateInput

from submissions.typed_text import Address

from ..bouncing import services as bouncing
from ..bouncing.rules import TEMPORARY_LIMIT, WITHIN
from . import counts

VIEW, RESTORE = "submissions.view_mailinglist", "submissions.restore_subscriber"
UNPROCESSABLE = 422


class AddressForm(forms.Form):
    """An address that its owner has told staff."""

    address = Address(label=gettext_lazy("E-mail address"))


class SinceForm(forms.Form):
    """A day from which on addresses were set aside without need."""

    since = forms.DateField(label=gettext_lazy("Set aside since"), widget=AdminDateInput)


class MailingListView(WagtailAdminTemplateMixin, TemplateView):
    """How many, by rhythm, language and skill; what was announced; what was set aside."""

    template_name = "submissions/notices/subscribing/admin.html"
    page_title = gettext_lazy("Mailing list")
    header_icon = "mail"
    permission = VIEW

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        user = request.user
        if isinstance(user, AnonymousUser) or not user.has_perm(self.permission):
            raise PermissionDenied
        return cast(HttpResponse, super().dispatch(request, *args, **kwargs))

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [*self.breadcrumbs_items, {"url": "", "label": self.get_page_title()}]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return {
            "address_form": AddressForm(),
            "since_form": SinceForm(),
            **super().get_context_data(**kwargs),
            **counts.figures((get_language() or "en")[:2]),
            "without_choice": counts.without_choice(),
            "may_restore": self.request.user.has_perm(RESTORE),
            "restore_url": reverse("microacq_mailing_list_restore"),
            "limit": TEMPORARY_LIMIT,
            "within": WITHIN.days,
        }


class RestoreView(MailingListView):
    """Has one address, or all since a day, written to again. POST only."""

    permission = RESTORE
    http_method_names = ["post"]

    def post(self, request: HttpRequest) -> HttpResponse:
        """Do what was asked, or show the form again with what was typed."""
        if "since" in request.POST:
            since = SinceForm(request.POST)
            if not since.is_valid():
                return self._again(since_form=since)
            count = bouncing.restore_since(since.cleaned_data["since"], user=request.user)
            messages.success(
                request,
                ngettext(
                    "%(count)d address is written to again.",
                    "%(count)d addresses are written to again.",
                    count,
                )
                % {"count": count},
            )
            return redirect("microacq_mailing_list")
        form = AddressForm(request.POST)
        if not form.is_valid():
            return self._again(address_form=form)
        if bouncing.restore(form.cleaned_data["address"], user=request.user):
            messages.success(request, _("This address is written to again."))
        else:
            messages.warning(request, _("This address is not set aside."))
        return redirect("microacq_mailing_list")

    def _again(self, **forms_with_errors: forms.Form) -> HttpResponse:
        return self.render_to_response(self.get_context_data(**forms_with_errors), status=UNPROCESSABLE)
