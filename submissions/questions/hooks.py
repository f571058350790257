"""What this stage answers when Wagtail, the pages below or the file above ask.

Thin: each answer calls the module that owns the rule. https://docs.wagtail.org/en/stable/reference/hooks.html
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.models import Permission, User
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from wagtail import hooks
from wagtail.admin.ui.components import Component
from wagtail.permissions import register_permission_policy
from wagtail.snippets.models import register_snippet

from microacq_pages import pairs
from microacq_pages.models import Opportunity, PublicStatus
from microacq_pages.site_setup import Bilingual
from microacq_pages.timetable import Kind, Known
from microacq_pages.waiting import WaitingItem
from submissions.solicitations.machines import Machine
from submissions.solicitations.models import Solicitation
from submissions.solicitations.proofs import Check
from submissions.solicitations.recipients import Recipient

from . import closing, defaults, letters, machine, proving, waiting
from .models import Question, QuestionText
from .panels import QuestionsPanel
from .permissions import QuestionPermissionPolicy, QuestionTextPermissionPolicy
from .viewsets import QuestionTextViewSet, QuestionViewSet

register_permission_policy(Question, QuestionPermissionPolicy(Question))
register_permission_policy(QuestionText, QuestionTextPermissionPolicy(QuestionText))
register_snippet(QuestionTextViewSet)


@hooks.register("microacq_site_pages")
def site_pages() -> list[Bilingual]:
    """The page below which the public asks is part of every site."""
    return [defaults.questions_page()]


@hooks.register("microacq_timetable")
def questions_close(page: Opportunity, status: PublicStatus) -> dict[Kind, Known]:
    """Until when questions are taken."""
    return {Kind.QUESTIONS: Known(planned=closing.closes_at(status.deadline))}


# --- the file ----------------------------------------------------------------------------------


@hooks.register("file_panels")
def show_questions(solicitation: Solicitation, user: User) -> list[Component]:
    """The panel on the file’s page."""
    return [QuestionsPanel(solicitation, user)]


@hooks.register("file_recipients")
def askers(solicitation: Solicitation) -> list[Recipient]:
    """Those who asked and left an address are told what happens to the file."""
    return letters.askers_of(solicitation)


# --- work --------------------------------------------------------------------------------------


@hooks.register("microacq_waiting_work")
def work_with_questions(user: User) -> Iterable[WaitingItem]:
    """Questions to sort, to answer, to publish."""
    return waiting.work_of(user)


@hooks.register("microacq_translation_due")
def translations_due(object_ids: set[UUID]) -> dict[UUID, datetime]:
    """Until when translated answers are needed."""
    return waiting.translations_due(object_ids)


@hooks.register("microacq_tick", order=300)
def tell_of_waiting_questions() -> str | None:
    """Write to those responsible while an answer or an extension can still help."""
    return waiting.announce()


# --- staff -------------------------------------------------------------------------------------


@hooks.register("register_admin_viewset")
def register_questions() -> QuestionViewSet:
    return QuestionViewSet()


@hooks.register("before_edit_snippet", order=-1)
def keep_the_editor_of_snippets_from_writing(request: HttpRequest, instance: Any) -> HttpResponse | None:
    """A text is written on the page of its question; its translation, in the translation editor alone."""
    if not isinstance(instance, QuestionText):
        return None
    translation = pairs.translation_of(instance)
    if translation is None or translation.target_locale_id != instance.locale_id:
        return redirect(reverse("questions:inspect", args=[instance.record_id]))
    if translation.enabled or request.method != "POST" or "localize-restart-translation" in request.POST:
        return None
    messages.error(request, _("The translation was stopped: start it again."))
    return redirect(request.path)


@hooks.register("state_machines", order=10)
def machine_of_a_question() -> list[Machine]:
    """The states of a question."""
    return [machine.of_question()]


@hooks.register("register_permissions")
def register_permissions() -> QuerySet[Permission]:
    """The permissions that a group can be given."""
    return Permission.objects.filter(
        content_type__app_label="submissions",
        codename__in=[
            "view_question",
            "triage_question",
            "answer_question",
            "answer_own_question",
            "publish_question",
            "change_questiontext",
        ],
    )


@hooks.register("file_proofs")
def prove_the_questions(solicitation: Solicitation) -> list[Check]:
    """Published as read, states by recorded acts."""
    return proving.checks(solicitation)
