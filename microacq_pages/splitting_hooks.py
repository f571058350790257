"""What Wagtail and the seams ask the watch over contract splitting. Loaded by ``wagtail_hooks``.

Each hook only calls the module that owns the rule.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.contrib.auth.models import Permission
from django.http import HttpRequest
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.log_actions import LogActionRegistry
from wagtail.models import Page

from . import splitting_records, splitting_words
from .blockers import Blocker
from .models import Opportunity
from .splitting import AUTHORS_TURN, Standing
from .splitting_admin import CompareView, SplittingComponent, SplittingReportView, compare_url
from .waiting import WaitingItem

#: Business days within which CFOB decides.
TARGET_DAYS = 2


@hooks.register("microacq_publication_blockers")
def refuse_posting_what_may_be_split(page: Page) -> list[Blocker]:
    """Nothing is posted whose sum with others passes the cap, until CFOB has accepted why."""
    if not isinstance(page, Opportunity):
        return []
    return splitting_words.blockers(splitting_records.assess(page, draft=page))


@hooks.register("microacq_review_panels")
def show_to_reviewers(page: Page, user: Any) -> list[SplittingComponent]:
    """The panel of the editor, on the reviewers’ screen."""
    return [SplittingComponent(page, user)] if isinstance(page, Opportunity) else []


@hooks.register("microacq_waiting_work")
def list_justifications(user: Any) -> Iterator[WaitingItem]:
    """Justifications to decide for CFOB; justifications to write for authors."""
    decides = user.has_perm(splitting_records.DECIDE)
    writes = user.has_perm("microacq_pages.edit_source")
    if not (decides or writes):
        return
    own = set(Opportunity.objects.filter(owner_id=user.pk).values_list("pk", flat=True)) if writes else set()
    if not (decides or own):
        return
    for one in splitting_records.assess_all(posted=False).values():
        justification, page_id = one.justification, one.profile.page_id
        mine = page_id in own or (justification is not None and justification.written_by_id == user.pk)
        if one.standing == Standing.WAITING and decides and not mine and justification is not None:
            yield WaitingItem(
                "justification",
                _("Accept or refuse a justification of contract splitting"),
                one.title,
                compare_url(page_id),
                justification.written_at,
                target_days=TARGET_DAYS,
                detail=splitting_words.count_of_others(len(one.judged.counting)),
            )
        elif one.standing in AUTHORS_TURN and page_id in own:
            decided = justification.decided_at if justification is not None else None
            yield WaitingItem(
                "justification-to-write",
                _("Justify contract splitting"),
                one.title,
                compare_url(page_id),
                decided or one.profile.saved_at,
                detail=one.standing.label,
            )


@hooks.register("microacq_tick", order=110)
def make_missing_profiles() -> str | None:
    """Opportunities that were saved without being compared, such as those from before the watch."""
    made = splitting_records.refresh_missing()
    return f"{made} opportunities compared for contract splitting" if made else None


# --- screens ---------------------------------------------------------------------------------------


@hooks.register("register_admin_urls")
def register_splitting_urls() -> list[URLPattern]:
    """Addresses of the comparison and of the report."""
    return [
        path("splitting/<int:page_id>/", CompareView.as_view(), name="microacq_splitting"),
        path("reports/splitting/", SplittingReportView.as_view(), name="microacq_splitting_report"),
        path(
            "reports/splitting/results/",
            SplittingReportView.as_view(results_only=True),
            name="microacq_splitting_report_results",
        ),
    ]


class SplittingMenuItem(MenuItem):
    """Shown to those who may see the report."""

    def is_shown(self, request: HttpRequest) -> bool:
        return bool(request.user.has_perm(splitting_records.VIEW))


@hooks.register("register_reports_menu_item")
def register_splitting_menu_item() -> MenuItem:
    """The report's place in the menu."""
    return SplittingMenuItem(
        _("Contract splitting"),
        reverse("microacq_splitting_report"),
        name="contract-splitting",
        icon_name="copy",
        order=620,
    )


@hooks.register("register_permissions")
def register_splitting_permissions() -> Any:
    """The permissions that a group can be given."""
    return Permission.objects.filter(
        content_type__app_label="microacq_pages",
        codename__in=["view_splittingjustification", "decide_splittingjustification"],
    )


@hooks.register("register_log_actions")
def register_splitting_acts(registry: LogActionRegistry) -> None:
    """The acts of the watch can be logged and put into words."""
    for name, (label, _sentence) in splitting_words.ACTS.items():
        registry.formatters[name] = splitting_words.ActFormatter(name)
        registry.choices.append((name, label))
