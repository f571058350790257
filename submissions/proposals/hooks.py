"""What this stage answers when Wagtail, the pages below or the file above ask.

Thin: each answer calls the module that owns the rule. https://docs.wagtail.org/en/stable/reference/hooks.html
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.contrib.auth.models import Permission, User
from django.contrib.contenttypes.models import ContentType
from django.db.models import QuerySet
from django.urls import URLPattern, URLResolver, include, path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.admin.ui.components import Component
from wagtail.models import ModelLogEntry, Page, PageQuerySet

from microacq_pages.models import Opportunity
from microacq_pages.publishing import Blocker
from microacq_pages.site_setup import Bilingual
from microacq_pages.waiting import WaitingItem
from submissions.proposals import (
    defaults,
    desk,
    desk_views,
    entering,
    entering_views,
    machine,
    opening,
    opening_views,
    posted,
    proving,
    reading,
    recovery,
    reminders,
    under_way,
    views,
)
from submissions.proposals.models import OpenedProposal, Proposal
from submissions.proposals.pages import ProposalFormPage
from submissions.solicitations.amendments import changes_relied_on_without_asking
from submissions.solicitations.enums import AFTER_OPENING, State
from submissions.solicitations.machines import Machine
from submissions.solicitations.models import PostedItem, Solicitation
from submissions.solicitations.proofs import Check
from submissions.solicitations.recipients import Recipient
from submissions.solicitations.services import Guard

#: What the panel tells of earlier attempts.
ATTEMPTS = ("file.opening_asked", "file.opening_failed")


# --- posting -----------------------------------------------------------------------------------


@hooks.register("microacq_site_pages")
def site_pages() -> list[Bilingual]:
    """The form page is part of every site."""
    return [defaults.form_page()]


@hooks.register("posting_items")
def copy_into_the_file(page_en: Opportunity, page_fr: Opportunity) -> list[PostedItem]:
    """Checklist, questions, confirmations and terms become part of what is posted."""
    return posted.posting_items(page_en, page_fr)


@hooks.register("microacq_publication_blockers")
def refuse_posting_what_nobody_could_answer_or_open(page: Page) -> list[Blocker]:
    """No posting without a complete form and a trial seal that was opened."""
    if isinstance(page, Opportunity) and not page.is_posted:
        return posted.blockers()
    return []


@hooks.register("microacq_publication_blockers")
def refuse_changing_what_applicants_rely_on(page: Page) -> list[Blocker]:
    """Once applications have arrived, criteria, price and licence change only by asking each applicant."""
    if not isinstance(page, Opportunity) or not page.is_posted:
        return []
    if not Proposal.objects.live().filter(solicitation__translation_key=page.translation_key).exists():
        return []
    changed = changes_relied_on_without_asking(page)
    if not changed:
        return []
    return [
        Blocker(
            "amendment-asks-nobody",
            _(
                "Applications have arrived, and this changes what they rely on (%(changed)s): ask each applicant to "
                "confirm or replace their application, or undo the change."
            )
            % {"changed": ", ".join(changed)},
            field="amendment_asks_confirmation",
        )
    ]


@hooks.register("file_recipients")
def applicants(solicitation: Solicitation) -> Iterator[Recipient]:
    """Those whose application takes part, at the address that they gave for correspondence."""
    for proposal in solicitation.proposals.sent().defer("sealed"):
        # Who gave no e-mail is told by telephone or by post: the panel of the file and ``desk`` say whom.
        if address := proposal.address:
            yield Recipient(
                address=address,
                language=proposal.correspondence_language,
                key=proposal.receipt_number,
                role="applicant",
            )


@hooks.register("microacq_tick", order=200)
def make_trial_seal_when_due() -> str | None:
    """Keep the proof that what is sealed can be opened younger than posting demands."""
    return "asked for a trial seal" if opening.ask_for_trial_when_due() else None


@hooks.register("microacq_tick", order=205)
def begin_openings_again() -> str | None:
    """Hand an opening that a worker left to the next."""
    count = opening.begin_again_what_was_left()
    return f"{count} openings handed to a worker again" if count else None


@hooks.register("microacq_tick", order=210)
def answer_requests_for_lost_links() -> str | None:
    """Answer what the worker left, and forget what the limits no longer need."""
    answered, forgotten = recovery.answer_overdue(), recovery.forget()
    told = [
        f"{count} requests for lost links {what}"
        for count, what in ((answered, "answered"), (forgotten, "forgotten"))
        if count
    ]
    return ", ".join(told) or None


@hooks.register("microacq_tick", order=230)
def remind_of_unfinished_drafts() -> str | None:
    """A day before the deadline, write once to those who saved a draft and left an address."""
    count = reminders.remind()
    return f"{count} reminders of unfinished drafts queued" if count else None


@hooks.register("microacq_tick", order=220)
def delete_old_drafts() -> str | None:
    """Keep no draft for long after nobody can send it any more."""
    count = reminders.delete_old()
    return f"{count} drafts deleted" if count else None


# --- the file ----------------------------------------------------------------------------------


@hooks.register("file_guards")
def answer_guards() -> dict[str, Guard]:
    """The guard of the state table that this stage stands for."""
    return {
        "proposals_opened": opening.reasons_against_moving_on,
        "nothing_to_open": opening.reasons_against_ending_empty,
    }


class ProposalsPanel(Component):
    """How many applications a file has, whether they are sealed, and the way to open or read them."""

    template_name = "submissions/proposals/admin/panel.html"
    order = 250  # after the decisions, before the timeline

    def __init__(self, solicitation: Solicitation, user: User) -> None:
        self.solicitation = solicitation
        self.user = user

    def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
        file = self.solicitation
        may_open = file.state == State.POSTED and self.user.has_perm(opening.OPEN_PERMISSION)
        return {
            "csrf_token": (parent_context or {}).get("csrf_token"),
            "file": file,
            "count": file.proposals.sent().count(),
            "entered": file.proposals.sent().filter(entered_by__isnull=False).count(),
            "to_tell": len(desk.to_tell(file)),
            "may_desk": self.user.has_perm(entering.ENTER_PERMISSION),
            "set_aside": file.proposals.set_aside().count(),
            "is_sealed": not OpenedProposal.objects.filter(proposal__solicitation=file).exists()
            and file.state not in AFTER_OPENING,
            "may_read": self.user.has_perm(reading.READ_PERMISSION),
            "may_open": may_open,
            "may_enter": file.is_open() and self.user.has_perm(entering.ENTER_PERMISSION),
            "reason": opening.reason_against_opening(file) if may_open else "",
            "last_try": _last_try(file) if may_open else None,
            "opening": under_way.current(file) if may_open else None,
        }


def _last_try(file: Solicitation) -> ModelLogEntry | None:
    """The last time that an opening was asked for or failed."""
    return (
        ModelLogEntry.objects.filter(
            content_type=ContentType.objects.get_for_model(Solicitation),
            object_id=str(file.pk),
            action__in=ATTEMPTS,
        )
        .order_by("-timestamp", "-pk")
        .first()
    )


@hooks.register("file_panels")
def show_proposals(solicitation: Solicitation, user: User) -> list[Component]:
    """The panel on the file’s page."""
    return [ProposalsPanel(solicitation, user)]


@hooks.register("state_machines", order=20)
def machine_of_an_application() -> list[Machine]:
    """The states of an application."""
    return [machine.of_proposal()]


@hooks.register("microacq_waiting_work")
def work_for_suppliers_without_mail(user: User) -> Iterator[WaitingItem]:
    """Suppliers to tell of an amendment by telephone or by post."""
    return desk.work_of(user)


@hooks.register("file_proofs")
def prove_the_applications(solicitation: Solicitation) -> list[Check]:
    """Sealed as received, in time, opened as sealed."""
    return proving.checks(solicitation)


# --- staff ---------------------------------------------------------------------------------------


@hooks.register("filter_form_submissions_for_user")
def keep_proposals_out_of_wagtails_forms(user: User, queryset: PageQuerySet) -> PageQuerySet:
    """Wagtail’s lists of form data show, export and delete nothing of ours, to nobody."""
    return queryset.not_exact_type(ProposalFormPage)


@hooks.register("register_permissions")
def register_permissions() -> QuerySet[Permission]:
    """The permissions that a group can be given."""
    return Permission.objects.filter(
        content_type__app_label="submissions",
        codename__in=["read_proposal", "identify_supplier", "enter_proposal"],
    )


@hooks.register("register_admin_urls")
def register_admin_urls() -> list[URLPattern | URLResolver]:
    """The staff’s pages."""
    patterns = [
        path("trial-seals/", views.TrialSealView.as_view(), name="trials"),
        path("<int:file_pk>/", views.ProposalListView.as_view(), name="list"),
        path("<int:file_pk>/enter/", entering_views.EnterView.as_view(), name="enter"),
        path("<int:file_pk>/by-staff/", desk_views.DeskView.as_view(), name="desk"),
        path("<int:file_pk>/open/", opening_views.OpenView.as_view(), name="open"),
        path("<int:file_pk>/opening/", opening_views.OpeningView.as_view(), name="opening"),
        path("<int:file_pk>/opening/signs/", opening_views.SignsView.as_view(), name="signs"),
        path("<int:file_pk>/<str:receipt_number>/", views.ProposalReadView.as_view(), name="read"),
    ]
    return [path("applications/", include((patterns, "proposals")))]


class TrialSealMenuItem(MenuItem):
    """Shown to those who may open files."""

    def is_shown(self, request: Any) -> bool:
        return bool(request.user.has_perm(opening.OPEN_PERMISSION))


@hooks.register("register_reports_menu_item")
def register_trial_seals_menu_item() -> MenuItem:
    """The place of the trials in the menu."""
    return TrialSealMenuItem(
        _("Trial seals"), reverse("proposals:trials"), name="trial-seals", icon_name="key", order=650
    )
