"""What reuse answers when Wagtail, the file or an earlier stage ask. Thin."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.auth.models import Permission, User
from django.db.models import QuerySet
from wagtail import hooks
from wagtail.admin.ui.components import Component

from microacq_pages.site_setup import Bilingual
from submissions.solicitations import states as file_states
from submissions.solicitations.proofs import Check

from . import defaults, entries, panels, proving
from .models import CatalogueEntry
from .viewsets import CatalogueViewSet

if TYPE_CHECKING:
    from submissions.contracts.models import Contract
    from submissions.solicitations.models import Solicitation
    from submissions.solicitations.states import Transition


@hooks.register("file_changed", order=60)
def enter_at_completion(solicitation: Solicitation, transition: Transition, user: User | None) -> None:
    """With the payment the code goes into the catalogue."""
    if transition is file_states.COMPLETE:
        entries.make(solicitation)


@hooks.register("microacq_site_pages")
def site_pages() -> list[Bilingual]:
    """The catalogue is part of every site."""
    return [defaults.catalogue()]


@hooks.register("file_panels")
def show_the_entry(solicitation: Solicitation, user: User) -> list[Component]:
    """What the catalogue says of this file’s code."""
    found = CatalogueEntry.objects.filter(contract__solicitation=solicitation).first()
    return [panels.EntryPanel(found, user)] if found is not None else []


@hooks.register("file_proofs")
def prove_the_entry(solicitation: Solicitation) -> list[Check]:
    """What the catalogue says is what was recorded."""
    return proving.checks(solicitation)


@hooks.register("work_panels")
def lead_to_publiccode(contract: Contract, token: str) -> list[Component]:
    """On the page of the work: the file for the repository, once the contract is complete."""
    found = CatalogueEntry.objects.filter(contract=contract).first()
    return [panels.SupplierReusePanel(found, token)] if found is not None else []


@hooks.register("register_admin_viewset")
def register_catalogue() -> CatalogueViewSet:
    """The staff’s screens."""
    return CatalogueViewSet()


@hooks.register("register_permissions")
def register_permissions() -> QuerySet[Permission]:
    """The permissions that a group can be given."""
    return Permission.objects.filter(
        content_type__app_label="submissions", codename__in=["view_catalogueentry", "change_catalogueentry"]
    )
