"""Staff’s screens of the archive: the documents of a file with their state, and the whole file as one ZIP. Thin."""

from __future__ import annotations

from typing import Any, cast

from django import forms
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.generic import FormView, View
from wagtail.admin import messages
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from microacq_pages import formats
from microacq_pages.headings import HeadingMixin
from submissions.audit.services import record
from submissions.solicitations.models import Solicitation
from submissions.solicitations.panels import when
from submissions.solicitations.permissions import SolicitationPermissionPolicy
from submissions.solicitations.views import visible_file

from . import bundle, permissions, services
from .models import AccessPackage, ArchivedDocument, ErasureCertificate, WriteState


class FileScreen(HeadingMixin, WagtailAdminTemplateMixin):
    """A screen below a file that this person may see; ``permission`` says what it asks besides."""

    permission = ""
    request: HttpRequest
    file: Solicitation

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Ask at every request."""
        self.file = visible_file(SolicitationPermissionPolicy(Solicitation), request.user, kwargs["file_pk"])
        if self.permission:
            permissions.require(self.file, self.user, self.permission)
        answer: HttpResponseBase = super().dispatch(request, *args, **kwargs)
        return answer

    @property
    def user(self) -> User:
        """Who is signed in."""
        return cast(User, self.request.user)

    @property
    def file_url(self) -> str:
        return reverse("solicitations:inspect", args=[self.file.pk])

    def get_page_subtitle(self) -> str:
        return f"{self.file.number} – {self.file.get_title()}"

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [
            *self.breadcrumbs_items,
            {"url": reverse("solicitations:index"), "label": _("Procurement files")},
            {"url": self.file_url, "label": self.file.number},
            {"url": "", "label": self.get_page_title()},
        ]


class DocumentsView(FileScreen, FormView):
    """Every document of a file in the storage: what became of it, its digest; and what was erased or disclosed."""

    template_name = "submissions/records/archive/documents.html"
    page_title = gettext_lazy("Records of the file")
    header_icon = "folder-open-inverse"
    form_class = forms.Form

    def form_valid(self, form: Any) -> HttpResponse:
        """Ask for another attempt at what failed."""
        permissions.require(self.file, self.user, permissions.DISCLOSE)
        services.ask_again(self.file, user=self.user)
        messages.success(self.request, _("The file is written down again within minutes."))
        return redirect(reverse("records:documents", args=[self.file.pk]))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        language = formats.known_language(get_language())
        rows = ArchivedDocument.objects.filter(solicitation=self.file)
        may_fetch = not permissions.reason_against(self.file, self.user, permissions.DOWNLOAD)
        may_disclose = not permissions.reason_against(self.file, self.user, permissions.DISCLOSE)
        packages = AccessPackage.objects.filter(solicitation=self.file).defer("content", "choices")
        return super().get_context_data(**kwargs) | {
            "file": self.file,
            "file_url": self.file_url,
            "rows": [self._row(row, language) for row in rows],
            "behind_since": when(services.behind_since(self.file)),
            "may_fetch": may_fetch,
            "may_disclose": may_disclose,
            "packages": [
                {"package": each, "at": when(each.made_at), "by": each.made_by.get_full_name()}
                for each in packages.select_related("made_by")
            ],
            "erasures": [
                {"erasure": each, "at": when(each.made_at), "count": sum(each.counts.values())}
                for each in ErasureCertificate.objects.filter(solicitation=self.file)
            ],
        }

    def _row(self, row: ArchivedDocument, language: str) -> dict[str, Any]:
        waits = row.state in (WriteState.FAILED, WriteState.GIVEN_UP)
        return {
            "row": row,
            "name": row.path.removeprefix(f"{bundle.folder_of(self.file)}/"),
            "size": formats.file_size(row.size, language),
            "written_at": when(row.written_at),
            "next_attempt_at": when(row.next_attempt_at) if row.state == WriteState.FAILED else "",
            "error": row.last_error if waits else "",
        }


class DownloadView(FileScreen, View):
    """The whole file as a ZIP, made while it is sent: the same as in the storage, but what others alone may read."""

    permission = permissions.DOWNLOAD
    http_method_names = ("get",)

    def get(self, request: HttpRequest, file_pk: int) -> HttpResponseBase:
        """The ZIP; that it was fetched is recorded before the first byte."""
        record(self.file, "records.downloaded", user=self.user, data={"number": self.file.number})
        # What is only for others, such as an invoice, keeps its place and its digest in the index.
        parts = (
            (part.path, part.content)
            for part in bundle.parts_of(self.file)
            if not part.permission or self.user.has_perm(part.permission)
        )
        return attachment(bundle.zipped(self.file.number, parts), f"{self.file.number}.zip")


def attachment(content: Any, name: str) -> StreamingHttpResponse:
    """A ZIP as a download and nothing else; no cache keeps it."""
    response = StreamingHttpResponse(content, content_type="application/zip")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response
