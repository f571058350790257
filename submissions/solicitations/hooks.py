"""What this stage answers: a pair of pages becomes a file, and files have their place in the admin."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.models import Page
from wagtail.permissions import register_permission_policy

from microacq_pages.models import Opportunity
from microacq_pages.publishing import Blocker

from . import followers, services
from .models import Solicitation
from .permissions import SolicitationPermissionPolicy
from .recipients import Recipient
from .viewsets import SolicitationViewSet

if TYPE_CHECKING:
    from django.contrib.auth.models import User

register_permission_policy(Solicitation, SolicitationPermissionPolicy(Solicitation))


@hooks.register("register_admin_viewset")
def register_files() -> SolicitationViewSet:
    return SolicitationViewSet()


@hooks.register("microacq_pair_published")
def open_the_file(source: Page, target: Page, user: User | None, first: bool) -> None:
    if isinstance(source, Opportunity) and not source.is_posted:
        services.post_pair(source, target, user)


@hooks.register("file_recipients")
def tell_followers(solicitation: Solicitation) -> list[Recipient]:
    """Those who follow the file by mail."""
    return followers.followers(solicitation)


@hooks.register("microacq_publication_blockers")
def refuse_unrecorded_change(page: Page) -> list[Blocker]:
    """What was posted is changed by amendment only, so that nobody applies to another text."""
    if isinstance(page, Opportunity) and page.is_posted:
        return [Blocker("posted", _("The opportunity is posted: its text can no longer be changed."))]
    return []
