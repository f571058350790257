"""What the survey answers when Wagtail asks: the steps of the clock, the sums in the menu, the permission."""

from __future__ import annotations

from django.contrib.auth.models import Permission
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from microacq_pages.formats import EASTERN

from . import answering, inviting, pool
from .views import VIEW, SurveySumsView


@hooks.register("microacq_tick", order=400)
def ask_suppliers() -> str | None:
    """Ask the suppliers of files that ended some days ago; forget what is no longer needed."""
    asked = inviting.ask_where_due()
    inviting.forget()
    answering.forget()
    return f"{asked} suppliers asked to answer the survey" if asked else None


@hooks.register("microacq_tick", order=410)
def add_answers_to_sums() -> str | None:
    """Once a day, at a fixed hour, add what waits to the sums where five or more wait."""
    if not pool.is_time():
        return None
    batches = pool.release(timezone.now().astimezone(EASTERN).date())
    return f"{len(batches)} batches of survey answers added to the sums" if batches else None


@hooks.register("register_permissions")
def register_permissions() -> QuerySet[Permission]:
    """The permission to read the sums can be given to a group."""
    return Permission.objects.filter(content_type__app_label="submissions", codename="view_surveysum")


@hooks.register("register_admin_urls")
def register_admin_urls() -> list[URLPattern]:
    """The address of the sums."""
    return [path("reports/survey/", SurveySumsView.as_view(), name="microacq_survey")]


class SurveyMenuItem(MenuItem):
    """Shown to those who may read the sums."""

    def is_shown(self, request: HttpRequest) -> bool:
        return bool(request.user.has_perm(VIEW))


@hooks.register("register_reports_menu_item")
def register_survey_menu_item() -> MenuItem:
    """Its place in the menu."""
    return SurveyMenuItem(
        _("Survey of suppliers"), reverse("microacq_survey"), name="survey", icon_name="group", order=670
    )
