"""What staff are told at once, because they must act: a step of a review began, a text was sent back, work was given.

Takes the place of Wagtail’s own notifiers, which write in the language of whoever caused the message when a person has
chosen none, and know nothing of absence. Imports no later stage.
"""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.urls import reverse
from wagtail.models import Page, TaskState, WorkflowState
from wagtail.signals import task_submitted, workflow_approved, workflow_rejected, workflow_submitted
from wagtail.users.models import UserProfile

from microacq_pages import pairs, roles
from microacq_pages.formats import date_long
from microacq_pages.models import BilingualPage, Reassignment
from microacq_pages.review import TranslationTask
from microacq_pages.reviewing import standins, steps, work

from .services import send_notice

#: Names under which Wagtail connects its own notifiers. A second receiver of the same name is not connected, and this
#: app is ready before Wagtail’s, so ours stand in their place.
STEP_BEGAN = "group_approval_task_submitted_email_notification"
SENT_BACK = "workflow_state_rejected_email_notification"
SUBMITTED = "workflow_state_submitted_email_notification"
APPROVED = "workflow_state_approved_email_notification"


def connect() -> None:
    """Listen to Wagtail’s workflow and to reassignments."""
    task_submitted.connect(tell_reviewers, sender=TaskState, dispatch_uid=STEP_BEGAN)
    workflow_rejected.connect(tell_author, sender=WorkflowState, dispatch_uid=SENT_BACK)
    # Nobody must act then: who has the step is told by the first of these, the author by the daily digest.
    workflow_submitted.connect(tell_nobody, sender=WorkflowState, dispatch_uid=SUBMITTED)
    workflow_approved.connect(tell_nobody, sender=WorkflowState, dispatch_uid=APPROVED)
    standins.work_reassigned.connect(tell_who_does_it, dispatch_uid="microacq_work_reassigned")


def language_of(person: Any) -> str | None:
    """The language that a person chose for the staff’s screens; None when they chose none, which gives both."""
    return UserProfile.get_for_user(person).preferred_language or None


def address_of(path: str) -> str:
    """A staff address as it is written in mail."""
    return f"{settings.MICROACQ_BASE_URL.rstrip('/')}{path}"


def tell_nobody(**kwargs: Any) -> None:
    """Nothing is sent."""


def tell_reviewers(instance: TaskState, user: Any = None, **kwargs: Any) -> None:
    """A step began: tell those whose step it is, but whoever caused it."""
    page = instance.workflow_state.content_object.specific
    if not isinstance(page, BilingualPage):
        return
    groups = steps.groups_by_task([instance.task_id]).get(instance.task_id, [])
    submitter = instance.workflow_state.requested_by
    for person in work.recipients(instance):
        if person == user or not _wants(person, "submitted"):
            continue
        send_notice(
            "translation_waiting"
            if isinstance(instance.task.specific, TranslationTask)
            else "review_waiting",
            person.email,
            key=f"review-waiting:{instance.pk}:{person.pk}",
            language=language_of(person),
            context=lambda language: {
                "title": page.get_admin_display_title(),
                "step": steps.step_name(instance.task),
                "groups": ", ".join(roles.label(group.name) for group in groups),
                "submitter": work.name_of(submitter) if submitter else "–",
                "target": _target(steps.target_days(groups, instance.task), language),
                "link": address_of(_where(instance, page)),
            },
        )


def tell_author(instance: WorkflowState, user: Any = None, **kwargs: Any) -> None:
    """A text was sent back: tell who submitted it and who owns it, with the reason."""
    page = instance.content_object.specific
    state = instance.current_task_state
    if not isinstance(page, BilingualPage) or state is None:
        return
    for person in {instance.requested_by, page.owner} - {None, user}:
        if person is None or not _wants(person, "rejected"):
            continue
        send_notice(
            "review_sent_back",
            person.email,
            key=f"review-sent-back:{state.pk}:{person.pk}",
            language=language_of(person),
            context=lambda language: {
                "title": page.get_admin_display_title(),
                "step": steps.step_name(state.task),
                "person": work.name_of(state.finished_by) if state.finished_by else "–",
                "reason": state.comment,
                "link": address_of(reverse("wagtailadmin_pages:edit", args=[page.pk])),
            },
        )


def tell_who_does_it(instance: Reassignment, **kwargs: Any) -> None:
    """Work was given to somebody: tell them what, until when, and why."""
    person = instance.to_person
    if not person.email:
        return
    page = Page.objects.filter(pk=instance.object_id).first() if instance.object_id else None
    path = reverse("microacq_review", args=[page.pk]) if page else reverse("microacq_my_work")
    in_place_of = instance.from_person
    send_notice(
        "work_reassigned",
        person.email,
        key=f"work-reassigned:{instance.pk}",
        language=language_of(person),
        context=lambda language: {
            "what": page.get_admin_display_title() if page else str(instance.get_kind_display()),
            "in_place_of": work.name_of(in_place_of)
            if in_place_of
            else roles.label(instance.group.name if instance.group else ""),
            "first_day": date_long(instance.starts_on, language),
            "last_day": date_long(instance.until, language) or "–",
            "reason": instance.reason,
            "person": work.name_of(instance.made_by),
            "link": address_of(path),
        },
    )


def _wants(person: Any, notification: str) -> bool:
    """Whether this can be sent to a person, and they have not switched it off in their account."""
    if not (person.is_active and person.email):
        return False
    return bool(getattr(UserProfile.get_for_user(person), f"{notification}_notifications"))


def _where(state: TaskState, page: BilingualPage) -> str:
    """Where the step is done: translators write in the editor of the translation."""
    if isinstance(state.task.specific, TranslationTask) and (target := pairs.counterpart(page)):
        return reverse("wagtailadmin_pages:edit", args=[target.pk])
    return reverse("microacq_review", args=[page.pk])


def _target(days: int | None, language: str) -> str:
    if days is None:
        return "–"
    if language == "fr":
        return f"{days} jour ouvrable" if days < 2 else f"{days} jours ouvrables"
    return f"{days} business day" if days == 1 else f"{days} business days"
