"""What reporting answers when Wagtail asks: the tracker in the menu, what is overdue among waiting work, reminders."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from django.contrib.auth.models import Permission
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from microacq_pages.site_setup import Bilingual
from microacq_pages.waiting import WaitingItem
from submissions.solicitations.permissions import VIEW_ALL

from . import closing, reminders, saved, suppliers
from .indicators import defaults
from .indicators import views as figures
from .register import RegisterView
from .views import TrackerView, policy

if TYPE_CHECKING:
    from django.contrib.auth.models import User


@hooks.register("register_admin_urls")
def register_admin_urls() -> list[URLPattern]:
    """Addresses of the tracker."""
    return [
        path("reports/tracker/", TrackerView.as_view(), name="microacq_tracker"),
        path(
            "reports/tracker/results/",
            TrackerView.as_view(results_only=True),
            name="microacq_tracker_results",
        ),
        path("reports/tracker/columns/", RegisterView.as_view(), name="microacq_register"),
        path(
            "reports/tracker/columns/results/",
            RegisterView.as_view(results_only=True),
            name="microacq_register_results",
        ),
        path("reports/indicators/", figures.DashboardView.as_view(), name="microacq_indicators"),
        path(
            "reports/indicators/report/<str:kind>/<str:language>/",
            figures.ReportView.as_view(),
            name="microacq_indicators_report",
        ),
        path("reports/indicators/numbers/", figures.ObservationsView.as_view(), name="microacq_observations"),
        path("reports/tracker/views/save/", saved.save, name="microacq_saved_view_save"),
        path("reports/tracker/views/<int:pk>/delete/", saved.delete, name="microacq_saved_view_delete"),
    ]


class TrackerMenuItem(MenuItem):
    """Shown to those who may see a file."""

    def is_shown(self, request: HttpRequest) -> bool:
        return bool(policy.user_has_permission(request.user, "view"))  # type: ignore[arg-type]


@hooks.register("register_reports_menu_item")
def register_tracker_menu_item() -> MenuItem:
    """Its place in the menu: first of the reports of this site."""
    return TrackerMenuItem(
        _("Tracker"), reverse("microacq_tracker"), name="tracker", icon_name="tasks", order=590
    )


class IndicatorsMenuItem(MenuItem):
    """Shown to those who may see every file."""

    def is_shown(self, request: HttpRequest) -> bool:
        return bool(request.user.has_perm(VIEW_ALL))


@hooks.register("register_reports_menu_item")
def register_indicators_menu_item() -> MenuItem:
    """Its place in the menu, after the tracker."""
    return IndicatorsMenuItem(
        _("Indicators"), reverse("microacq_indicators"), name="indicators", icon_name="table", order=595
    )


@hooks.register("register_permissions")
def register_permissions() -> QuerySet[Permission]:
    """The permissions that a group can be given."""
    return Permission.objects.filter(
        content_type__app_label="submissions", codename__in=["add_observation", "view_observation"]
    )


@hooks.register("microacq_site_pages")
def site_pages() -> list[Bilingual]:
    """The public page of the figures is part of every site."""
    return [defaults.indicators_page()]


@hooks.register("microacq_tick", order=765)
def keep_suppliers_counted() -> str | None:
    """Count the suppliers of files that were opened; forget those whose data is erased."""
    counted, forgotten = suppliers.count_where_due(), suppliers.forget()
    done = counted or forgotten
    return f"suppliers of {counted} files counted, {forgotten} digests forgotten" if done else None


@hooks.register("microacq_tick", order=405)
def ask_how_it_went() -> str | None:
    """Ask client and supplier of contracts that ended some days ago."""
    asked = closing.ask_where_due()
    return f"{asked} people asked how their contract went" if asked else None


@hooks.register("microacq_waiting_work")
def overdue_acts_of(user: User) -> Iterator[WaitingItem]:
    """Files whose next act is overdue, for those who may carry it out; so the daily digest names them too."""
    return reminders.work_of(user)


@hooks.register("microacq_tick", order=760)
def remind_of_overdue_acts() -> str | None:
    """One letter for each step that is overdue."""
    return reminders.tell()
