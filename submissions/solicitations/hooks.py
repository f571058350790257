"""What this stage answers: a pair of pages becomes a file, and files have their place in the admin."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, cast
from uuid import UUID

from django.contrib.auth.models import Permission
from django.db.models import QuerySet
from wagtail import hooks
from wagtail.admin.ui.components import Component
from wagtail.models import Page
from wagtail.permissions import register_permission_policy

from microacq_pages.business_days import subtract_business_days
from microacq_pages.models import Opportunity, PublicStatus
from microacq_pages.publishing import Blocker
from microacq_pages.timetable import Kind, Known

from . import again, amendments, announcements, dates, followers, proving, services, states
from .amendment_panels import AmendmentDraftPanel, AmendmentsPanel, PostAgainPanel
from .models import Solicitation
from .permissions import SolicitationPermissionPolicy
from .proofs import Check
from .recipients import Recipient
from .states import Transition
from .viewsets import SolicitationViewSet

if TYPE_CHECKING:
    from django.contrib.auth.models import User

register_permission_policy(Solicitation, SolicitationPermissionPolicy(Solicitation))


@hooks.register("register_admin_viewset")
def register_files() -> SolicitationViewSet:
    return SolicitationViewSet()


@hooks.register("microacq_pair_published")
def open_or_amend_the_file(source: Page, target: Page, user: User | None, first: bool) -> None:
    if not isinstance(source, Opportunity):
        return
    if source.is_posted:
        amendments.amend(source, cast(Opportunity, target), user)
    else:
        services.post_pair(source, cast(Opportunity, target), user)


@hooks.register("microacq_timetable")
def steps_of_the_file(page: Opportunity, status: PublicStatus) -> dict[Kind, Known]:
    """When the applications were opened, when it was cancelled, what was moved."""
    return dates.known_steps(status)


@hooks.register("file_recipients")
def tell_followers(solicitation: Solicitation) -> list[Recipient]:
    """Those who follow the file by mail."""
    return followers.followers(solicitation)


@hooks.register("microacq_publication_blockers")
def judge_amendment(page: Page) -> list[Blocker]:
    """What was posted is changed by amendment only, so that nobody applies to another text."""
    if isinstance(page, Opportunity) and page.is_posted:
        return amendments.findings(page)
    return []


@hooks.register("microacq_publication_blockers")
def post_no_work_twice(page: Page) -> list[Blocker]:
    """A draft that posts a file again waits while that file goes on, and never follows work that was done."""
    if isinstance(page, Opportunity) and not page.is_posted and (found := again.obstacle_to_publishing(page)):
        return [Blocker("followed-file-goes-on", found)]
    return []


@hooks.register("file_changed")
def tell_of_cancellation(solicitation: Solicitation, transition: Transition, user: User | None) -> None:
    if transition is states.CANCEL:
        announcements.tell_of_cancellation(solicitation)


@hooks.register("microacq_translation_due")
def translation_of_amendment_is_due(object_ids: set[UUID]) -> dict[UUID, datetime]:
    """The translation of an amendment is needed while people have time to read it."""
    open_files = Solicitation.objects.open().filter(translation_key__in=object_ids)
    return {
        key: subtract_business_days(deadline, amendments.DAYS_TO_READ)
        for key, deadline in open_files.values_list("translation_key", "deadline")
    }


@hooks.register("microacq_review_panels")
def show_amendment_to_reviewer(page: Page, user: User) -> list[Component]:
    """What the draft would change of what is posted, before and after."""
    if isinstance(page, Opportunity) and page.is_posted:
        return [AmendmentDraftPanel(page)]
    return []


@hooks.register("file_panels")
def show_amendments_of_file(solicitation: Solicitation, user: User) -> list[Component]:
    """The amendments on the file's page, and the way to post an ended opportunity again."""
    return [AmendmentsPanel(solicitation), PostAgainPanel(solicitation, user)]


@hooks.register("register_permissions")
def register_permissions() -> QuerySet[Permission]:
    return Permission.objects.filter(content_type__app_label="submissions", codename="extend_solicitation")


@hooks.register("file_proofs")
def prove_the_file(solicitation: Solicitation) -> list[Check]:
    """The acts of the file in the chain, what was posted, its facts, states and times."""
    return proving.checks(solicitation)
