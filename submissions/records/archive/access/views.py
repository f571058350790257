"""Staff’s screens of a package: choose and look, make, fetch. Nothing typed is lost; only *make* keeps. Thin."""

from __future__ import annotations

from typing import Any, cast

from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView, View
from wagtail.admin import messages

from submissions.audit.services import record
from submissions.solicitations.models import Solicitation
from submissions.solicitations.permissions import SolicitationPermissionPolicy
from submissions.solicitations.views import visible_file

from .. import html, permissions
from ..models import AccessPackage
from ..views import FileScreen, attachment
from . import packages
from .forms import MARKED, MOST, SPARE, PackageForm, passage_forms

UNPROCESSABLE = 422


class DiscloseView(FileScreen, TemplateView):
    """Choose what goes, look at every document as it would be disclosed, then make the package."""

    template_name = "submissions/records/archive/disclose.html"
    page_title = gettext_lazy("Package for access to information")
    header_icon = "doc-full-inverse"
    permission = permissions.DISCLOSE

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The form, with what goes unless a person decides otherwise."""
        form = self._form()
        return self.render_to_response(self._context(form, passage_forms(SPARE)(prefix="passages")))

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """More lines, a look, or the package."""
        form = self._form(request.POST)
        passages = passage_forms(0)(request.POST, prefix="passages")
        if "more" in request.POST:
            return self.render_to_response(self._context(form, self._with_more(passages)))
        if not (form.is_valid() and passages.is_valid()):
            context = self._context(form, passages)
            return self.render_to_response(context, status=UNPROCESSABLE)
        wish = form.wish(passages.passages(), request.POST.getlist("unfound"))
        if "make" not in request.POST:
            return self.render_to_response(self._shown(form, passages, wish))
        try:
            package = packages.make(self.file, wish, self.user)
        except packages.Unfound:
            return self.render_to_response(self._shown(form, passages, wish), status=UNPROCESSABLE)
        messages.success(
            request,
            _("The package for the request %(reference)s was made.") % {"reference": package.reference},
        )
        return redirect(reverse("records:documents", args=[self.file.pk]))

    def _form(self, data: Any = None) -> PackageForm:
        """The form with the documents that this person may read."""
        kinds = packages.available(self.file)
        readable = [kind for kind in kinds if packages.may_disclose(kind, self.user)]
        form = PackageForm(data, kinds=readable)
        if withheld := [str(kind.title) for kind in kinds if kind not in readable]:
            form.fields["documents"].help_text = _(
                "Not among them, because you may not read it: %(titles)s. Ask somebody who may for a package with it."
            ) % {"titles": ", ".join(withheld)}
        return form

    def _shown(self, form: PackageForm, passages: Any, wish: packages.Wish) -> dict[str, Any]:
        """Every document as it would be disclosed, and the passages that stand in none of them."""
        record(self.file, "records.downloaded", user=self.user, data={"number": self.file.number})
        found: set[str] = set()
        shown = []
        for kind, severed in packages.severed(self.file, wish, self.user):
            found |= severed.found
            shown.append(
                {
                    "title": severed.document.title,
                    "name": kind.name,
                    "language": severed.document.language,
                    "html": html.draw(severed.document),
                    "hidden": sum(severed.counts.values()),
                }
            )
        unfound = [{"text": part, "is_known": part in wish.known} for part in wish.unfound(found)]
        return self._context(form, passages, shown=shown, unfound=unfound)

    def _with_more(self, passages: Any) -> Any:
        """The same lines as typed, and some to spare."""
        typed = [
            {name: form[name].value() or "" for name in ("passage", "section")} for form in passages.forms
        ]
        return passage_forms(min(SPARE, max(MOST - len(typed), 0)))(prefix="passages", initial=typed)

    def _context(
        self, form: PackageForm, passages: Any, shown: Any = None, unfound: Any = ()
    ) -> dict[str, Any]:
        return self.get_context_data(
            form=form,
            passages=passages,
            marked=form.marked(),
            shown=shown,
            unfound=unfound,
            names_of_marked=[str(label) for label, _section in MARKED.values()],
            file_url=self.file_url,
            back_url=reverse("records:documents", args=[self.file.pk]),
        )


class PackageView(View):
    """A package exactly as it was disclosed, as a download and nothing else."""

    http_method_names = ("get",)

    def get(self, request: HttpRequest, pk: int) -> HttpResponseBase:
        """The ZIP; that it was fetched is recorded."""
        package = get_object_or_404(AccessPackage.objects.select_related("solicitation"), pk=pk)
        user = cast(User, request.user)
        visible_file(SolicitationPermissionPolicy(Solicitation), user, package.solicitation_id)
        permissions.require(package.solicitation, user, permissions.DISCLOSE)
        data = {"number": package.solicitation.number, "reference": package.reference}
        record(package.solicitation, "records.package_read", user=user, data=data)
        name = f"{package.solicitation.number}-{package.reference}".replace("/", "-").replace(" ", "-")
        return attachment([bytes(package.content)], f"{name}.zip")
