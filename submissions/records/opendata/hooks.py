"""What the open data answers: when the clock strikes, and CFOB’s report in the menu. Thin."""

from __future__ import annotations

from django.http import HttpRequest
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from submissions.solicitations.models import Solicitation
from submissions.solicitations.permissions import VIEW_ALL
from submissions.solicitations.proofs import Check

from . import collecting, proving, yearly_views


@hooks.register("microacq_tick", order=700)
def publish_releases() -> str | None:
    """Publish what happened since the last time as Open Contracting data."""
    count = collecting.collect()
    return f"{count} open contracting releases published" if count else None


@hooks.register("file_proofs")
def prove_releases(solicitation: Solicitation) -> list[Check]:
    """What the releases of a file can prove."""
    return proving.checks(solicitation)


@hooks.register("register_admin_urls")
def register_admin_urls() -> list[URLPattern]:
    """Addresses of the report."""
    view = yearly_views.ContractsView
    return [
        path("reports/contracts/", view.as_view(), name="microacq_contracts"),
        path(
            "reports/contracts/results/",
            view.as_view(results_only=True),
            name="microacq_contracts_results",
        ),
        path("reports/contracts/<int:year>.csv", yearly_views.download, name="microacq_contracts_year"),
    ]


class ContractsMenuItem(MenuItem):
    """Shown to those who see every file."""

    def is_shown(self, request: HttpRequest) -> bool:
        return bool(request.user.has_perm(VIEW_ALL))


@hooks.register("register_reports_menu_item")
def register_menu_item() -> MenuItem:
    """Its place in the menu."""
    return ContractsMenuItem(
        _("Contracts for the yearly publication"),
        reverse("microacq_contracts"),
        name="yearly-contracts",
        icon_name="doc-full",
        order=675,
    )
