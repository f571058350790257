"""What the archive answers when Wagtail or the file ask: its part of the page, steps of ``tick``, addresses."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from django.contrib.auth.models import Permission
from django.db.models import QuerySet
from django.urls import URLPattern, URLResolver, include, path
from wagtail import hooks
from wagtail.admin.ui.components import Component

from microacq_pages.waiting import WaitingItem
from submissions.notices.tasks import queue
from submissions.solicitations.models import Solicitation
from submissions.solicitations.proofs import Check
from submissions.solicitations.services import Guard

from . import erasing, panels, proving, retention, services, views, waiting
from .access import views as access_views
from .tasks import write_file_down

if TYPE_CHECKING:
    from django.contrib.auth.models import User


@hooks.register("file_panels")
def show_records(solicitation: Solicitation, user: User) -> list[Component]:
    """How far the file is written down, and what can be fetched of it."""
    return [panels.RecordsPanel(solicitation, user)]


@hooks.register("file_guards")
def answer_guards() -> dict[str, Guard]:
    """What was erased cannot be judged again."""
    return {"evaluation_reopenable": retention.reasons_against_reopening}


@hooks.register("file_proofs")
def prove_records(solicitation: Solicitation) -> list[Check]:
    """What certificates and packages can prove."""
    return proving.checks(solicitation)


@hooks.register("erased_digests")
def digests_of_what_was_erased(solicitation: Solicitation) -> frozenset[str]:
    """What certificates say of the values that stood where something was erased."""
    return erasing.certified_digests(solicitation)


@hooks.register("microacq_waiting_work")
def waiting_work(user: User) -> Iterator[WaitingItem]:
    """Documents that could not be written."""
    return waiting.work_of(user)


@hooks.register("microacq_tick", order=600)
def find_files_to_write_down() -> str | None:
    """Find the files to which something was done, and the documents that are to be tried again."""
    count = services.sweep() + services.retry_due()
    return f"{count} files to be written down" if count else None


@hooks.register("microacq_tick", order=610)
def write_files_down() -> str | None:
    """Give the files that are due to the workers."""
    due = services.due_files()
    for file_pk in due:
        queue(write_file_down, file_pk, of_a_crowd=True)
    return f"{len(due)} files queued to be written down" if due else None


@hooks.register("register_permissions")
def register_permissions() -> QuerySet[Permission]:
    """The permissions that a group can be given."""
    return Permission.objects.filter(
        content_type__app_label="submissions", codename__in=["download_records", "disclose_records"]
    )


@hooks.register("register_admin_urls")
def register_admin_urls() -> list[URLPattern | URLResolver]:
    """The staff’s pages."""
    patterns = [
        path("<int:file_pk>/", views.DocumentsView.as_view(), name="documents"),
        path("<int:file_pk>/download/", views.DownloadView.as_view(), name="download"),
        path("<int:file_pk>/disclose/", access_views.DiscloseView.as_view(), name="disclose"),
        path("packages/<int:pk>/", access_views.PackageView.as_view(), name="package"),
    ]
    return [path("records/", include((patterns, "records")))]
