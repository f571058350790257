"""Every way that was found by which a page can go live, change, come down, move or be copied.

An attempt is data: its name, from which start it is tried, what it does, and who succeeds in which state.
Everyone else must be refused with a sentence, or not get what they asked for.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from bs4 import BeautifulSoup
from django.core.management import call_command
from django.db import connection
from django.urls import reverse
from django.utils import timezone
from wagtail.actions.create_alias import CreatePageAliasAction
from wagtail.actions.delete_page import DeletePageAction
from wagtail.actions.move_page import MovePageAction
from wagtail.actions.publish_page_revision import PublishPageRevisionAction
from wagtail.actions.unpublish_page import UnpublishPageAction
from wagtail.models import Page, TaskState
from wagtail_localize.models import TranslationSource

from microacq_pages import pairs, publishing, review, roles
from microacq_pages.models import OpportunityIndex
from microacq_pages.review import PublicationTask, TranslationTask
from microacq_pages.reviewing import looks
from tests.factories import pages
from tests.microacq_pages.routes.world import (
    SUPERUSER,
    WRITING_SUPERUSER,
    Case,
    OtherAct,
    form_of,
    languages_live,
)

Succeeds = Callable[[str, str], bool]


def nobody(state: str, role: str) -> bool:
    return False


def anybody(state: str, role: str) -> bool:
    return True


def the_publishers_when_ready(state: str, role: str) -> bool:
    """The last step of the workflow: by its group or a superuser, who did not write the text."""
    return state == "complete" and role in {roles.IT_STRATEGY, SUPERUSER}


def when_approved(state: str, role: str) -> bool:
    return state == "approved"


def those_who_may_unpublish(state: str, role: str) -> bool:
    return role in {roles.IT_STRATEGY, SUPERUSER, WRITING_SUPERUSER}


@dataclass(frozen=True)
class Attempt:
    """``succeeds(state, role)``: whether both languages change as asked; else nothing public changes.

    ``quiet``: the attempt asks for nothing that must be answered with a sentence.
    ``impersonal``: code that names no person, so that it need not be tried as each.
    ``reads``: what is sent depends on a page that was drawn before.
    """

    name: str
    start: str
    act: Callable[[Case], Any]
    succeeds: Succeeds = nobody
    quiet: bool = False
    impersonal: bool = False
    reads: bool = False


ATTEMPTS: list[Attempt] = []


def attempt(
    *starts: str,
    succeeds: Succeeds = nobody,
    quiet: bool = False,
    impersonal: bool = False,
    reads: bool = False,
) -> Callable[[Callable[[Case], Any]], Callable[[Case], Any]]:
    """Enter a function into the table, once for each start."""

    def enter(act: Callable[[Case], Any]) -> Callable[[Case], Any]:
        name = act.__name__.replace("_", " ")
        ATTEMPTS.extend(Attempt(name, start, act, succeeds, quiet, impersonal, reads) for start in starts)
        return act

    return enter


# --- the editors ---------------------------------------------------------------------------------


@attempt("draft", "live")
def edit_view_publish(case: Case) -> None:
    case.edit(**{"action-publish": "1", "title": "Typed just now"})


@attempt("draft", "live", quiet=True)
def edit_view_save(case: Case) -> None:
    case.edit(title="Typed just now")


@attempt("draft", "live", quiet=True)
def edit_view_autosave(case: Case) -> None:
    case.post(case.url("edit"), {**case.form, "title": "Typed"}, headers={"accept": "application/json"})


@attempt("draft", "live")
def edit_view_schedule(case: Case) -> None:
    soon = timezone.localtime(timezone.now() + timedelta(days=2)).strftime("%Y-%m-%d %H:%M")
    case.edit(**{"go_live_at": soon, "action-publish": "1"})


@attempt("draft")
def create_view_publish(case: Case) -> None:
    parent = pages.index(OpportunityIndex)
    case.post(
        reverse("wagtailadmin_pages:add", args=["microacq_pages", "opportunity", parent.pk]),
        {**case.form, "title": "New", "slug": "new", "action-publish": "1"},
    )


@attempt("draft", "live")
def translation_editor_publish(case: Case) -> None:
    case.post(case.url("edit", case.target.pk), {"action": "publish"})


@attempt("draft", "live", quiet=True)
def translation_editor_save_a_string(case: Case) -> None:
    translation = pairs.translation_of(case.page)
    segment = translation.source.stringsegment_set.order_by("order").first()
    url = reverse("wagtail_localize:edit_string_translation", args=[translation.pk, segment.pk])
    case.response = case.client.put(url, "value=Autre", content_type="application/x-www-form-urlencoded")


@attempt("draft", "live", quiet=True)
def form_of_what_is_left_save_a_string(case: Case) -> None:
    translation = pairs.translation_of(case.page)
    segment = translation.source.stringsegment_set.order_by("order").first()
    name = f"text-{segment.context_id}-{segment.string_id}"
    case.post(reverse("microacq_translation_left", args=[translation.pk]), {name: "Autre"})


@attempt("draft", "live", reads=True)
def stop_translation_and_publish_from_the_normal_editor(case: Case) -> None:
    case.post(reverse("wagtail_localize:stop_translation", args=[pairs.translation_of(case.page).pk]))
    url = case.url("edit", case.target.pk)
    case.post(url, {**form_of(case.client.get(url)), "slug": "seul", "action-publish": "1"})


@attempt("draft", "live")
def sync_translated_pages_with_publish(case: Case) -> None:
    source = TranslationSource.objects.get(object_id=case.page.translation_key)
    url = reverse("wagtail_localize:update_translations", args=[source.pk])
    case.get(url)
    case.post(url, {"publish_translations": "on"})


@attempt("draft", "live")
def convert_the_translation_to_an_alias(case: Case) -> None:
    url = reverse("wagtail_localize:convert_to_alias", args=[case.target.pk])
    case.get(url)
    case.post(url)


@attempt("draft", "live", quiet=True)
def submit_for_translation_again(case: Case) -> None:
    url = reverse("wagtail_localize:submit_page_translation", args=[case.page.pk])
    case.post(url, {"locales": [case.target.locale_id], "include_subtree": "on"})


@attempt("draft", "live")
def revert_a_revision_and_publish(case: Case) -> None:
    first = case.page.revisions.order_by("pk").first()
    case.post(case.url("revisions_revert", case.page.pk, first.pk), {**case.form, "action-publish": "1"})


# --- the workflow --------------------------------------------------------------------------------


def task_state_of(case: Case) -> TaskState:
    state = case.page.current_workflow_state
    if state is None:
        raise OtherAct
    return state.current_task_state.specific


def look(case: Case) -> None:
    """Read the text, as the review screen records it of whoever may see it; it is drawn in the attempt on it."""
    source = pairs.source_of(case.page)
    if review.may_see(source, case.user):
        looks.record_look(source, case.user)


def decided(case: Case, state: TaskState) -> None:
    """Approving an earlier step is right, and publishes nothing."""
    if not isinstance(state.task.specific, PublicationTask) and not languages_live(case.page):
        raise OtherAct


@attempt("draft", succeeds=the_publishers_when_ready)
def workflow_approve_from_the_dashboard(case: Case) -> None:
    state = task_state_of(case)
    look(case)
    case.post(case.url("workflow_action", case.page.pk, "approve", state.pk))
    if TaskState.objects.get(pk=state.pk).status == TaskState.STATUS_APPROVED:
        decided(case, state)


@attempt("draft", succeeds=the_publishers_when_ready)
def workflow_approve_in_the_editor(case: Case) -> None:
    look(case)
    case.edit(**{"action-workflow-action": "1", "workflow-action-name": "approve"})


@attempt("draft")
def workflow_approve_with_a_change(case: Case) -> None:
    look(case)
    case.edit(
        **{
            "action-workflow-action": "1",
            "workflow-action-name": "approve",
            "teaser": "Slipped in at the end.",
        }
    )


@attempt("draft", succeeds=the_publishers_when_ready)
def workflow_approve_by_the_task(case: Case) -> None:
    state = task_state_of(case)
    look(case)
    state.task.specific.on_action(state, case.user, "approve")
    decided(case, state)


@attempt("draft", succeeds=the_publishers_when_ready)
def workflow_approve_by_the_state_of_the_task(case: Case) -> None:
    state = task_state_of(case)
    look(case)
    state.approve(user=case.user)
    decided(case, state)


@attempt("draft", succeeds=the_publishers_when_ready, reads=True)
def workflow_approve_on_the_review_screen(case: Case) -> None:
    state = task_state_of(case)
    url = reverse("microacq_review", args=[case.page.pk])
    case.get(url)
    page = BeautifulSoup(case.response.content, "html.parser")
    digest = page.select_one("form input[name=digest]")
    case.post(
        reverse("microacq_review_act", args=[case.page.pk, "approve"]),
        {"task_state": str(state.pk), "digest": digest["value"] if digest else ""},
    )
    if TaskState.objects.get(pk=state.pk).status == TaskState.STATUS_APPROVED:
        decided(case, state)


@attempt("draft")
def workflow_approve_unread_from_the_dashboard(case: Case) -> None:
    state = task_state_of(case)
    case.post(case.url("workflow_action", case.page.pk, "approve", state.pk))
    if isinstance(state.task.specific, TranslationTask):
        raise OtherAct


@attempt("draft")
def workflow_approve_unread_by_the_state_of_the_task(case: Case) -> None:
    state = task_state_of(case)
    if isinstance(state.task.specific, TranslationTask):
        raise OtherAct
    state.approve(user=case.user)


@attempt("draft", impersonal=True)
def workflow_approve_by_nobody(case: Case) -> None:
    task_state_of(case).approve(user=None)


@attempt("draft")
def workflow_finish_in_code(case: Case) -> None:
    task_state_of(case).workflow_state.finish(user=case.user)


@attempt("draft")
def workflow_skip_in_code(case: Case) -> None:
    state = task_state_of(case)
    state.status = TaskState.STATUS_SKIPPED
    state.save()
    state.workflow_state.update(user=case.user)


@attempt("draft")
def workflow_start_and_finish_in_code(case: Case) -> None:
    if case.page.current_workflow_state is not None:
        raise OtherAct
    case.page.get_workflow().start(case.page, case.user).finish(user=case.user)


# --- bulk actions --------------------------------------------------------------------------------


def bulk(case: Case, action: str, *which: Page, **data: Any) -> None:
    url = reverse("wagtail_bulk_action", args=["wagtailcore", "page", action])
    ids = "&".join(f"id={page.pk}" for page in which or (case.page,))
    case.post(f"{url}?{ids}", data)


@attempt("draft", "live")
def bulk_publish(case: Case) -> None:
    bulk(case, "publish", include_descendants="on")


@attempt("draft", "live")
def bulk_publish_both(case: Case) -> None:
    bulk(case, "publish", case.page, case.target)


@attempt("live", succeeds=those_who_may_unpublish)
def bulk_unpublish(case: Case) -> None:
    bulk(case, "unpublish")


@attempt("live", succeeds=those_who_may_unpublish)
def bulk_unpublish_both_with_descendants(case: Case) -> None:
    bulk(case, "unpublish", case.page, case.target, include_descendants="on")


@attempt("live")
def bulk_delete(case: Case) -> None:
    bulk(case, "delete")


@attempt("live")
def bulk_move(case: Case) -> None:
    bulk(case, "move", chooser=str(elsewhere(case).pk))


# --- copies and aliases --------------------------------------------------------------------------


def copy(case: Case, **data: Any) -> None:
    case.post(
        case.url("copy"),
        {
            "new_title": "Copy",
            "new_slug": "copy",
            "new_parent_page": str(case.page.get_parent().pk),
            "publish_copies": "on",
            **data,
        },
    )


@attempt("draft", "live", quiet=True)
def copy_with_publish_copies(case: Case) -> None:
    copy(case)


@attempt("live", quiet=True)
def copy_the_translation_with_what_is_below(case: Case) -> None:
    case.page = case.target
    copy(case, copy_subpages="on")


@attempt("draft", "live")
def copy_as_an_alias(case: Case) -> None:
    copy(case, alias="on")


@attempt("draft", "live", impersonal=True)
def alias_in_code(case: Case) -> None:
    CreatePageAliasAction(case.page, update_slug="alias").execute(skip_permission_checks=True)


@attempt("draft", "live", quiet=True, impersonal=True)
def copy_in_code_kept_live(case: Case) -> None:
    case.page.copy(update_attrs={"slug": "copy"}, keep_live=True, user=None)


@attempt("draft", "live")
def save_the_translation_published_in_code(case: Case) -> None:
    pairs.translation_of(case.page).save_target(user=case.user, publish=True)


# --- the admin API -------------------------------------------------------------------------------


def api(case: Case, action: str, data: dict[str, Any] | None = None, page: Page | None = None) -> None:
    url = reverse("wagtailadmin_api:pages:action", args=[(page or case.page).pk, action])
    case.response = case.client.post(
        url, json.dumps(data or {}), content_type="application/json", headers={"accept": "application/json"}
    )


@attempt("draft", "live")
def api_publish(case: Case) -> None:
    api(case, "publish")


@attempt("draft", "live")
def api_publish_the_translation(case: Case) -> None:
    api(case, "publish", page=case.target)


@attempt("draft", "live")
def api_create_alias(case: Case) -> None:
    api(case, "create_alias", {"destination_page_id": case.page.get_parent().pk, "update_slug": "alias"})


@attempt("draft", "live", quiet=True)
def api_copy_kept_live(case: Case) -> None:
    api(case, "copy", {"destination_page_id": case.page.get_parent().pk, "slug": "copy", "keep_live": True})


@attempt("live")
def api_copy_for_translation(case: Case) -> None:
    api(case, "copy_for_translation", {"locale": case.target.locale.language_code})


@attempt("draft", "live", quiet=True)
def api_revert(case: Case) -> None:
    api(case, "revert_to_page_revision", {"revision_id": case.page.revisions.order_by("pk").first().pk})


@attempt("live", succeeds=those_who_may_unpublish)
def api_unpublish(case: Case) -> None:
    api(case, "unpublish", {"recursive": True})


@attempt("live")
def api_delete(case: Case) -> None:
    api(case, "delete")


@attempt("live")
def api_move(case: Case) -> None:
    api(case, "move", {"destination_page_id": elsewhere(case).pk})


# --- coming down, moving -------------------------------------------------------------------------


def elsewhere(case: Case) -> Page:
    """Another page below which a content page may be put."""
    return Page.objects.get(slug="live-unchanged" if case.page.slug != "live-unchanged" else "live-outdated")


@attempt("live", succeeds=those_who_may_unpublish)
def unpublish_view(case: Case) -> None:
    case.post(case.url("unpublish"))


@attempt("live", succeeds=those_who_may_unpublish)
def unpublish_view_of_the_translation(case: Case) -> None:
    case.post(case.url("unpublish", case.target.pk))


@attempt("live", succeeds=those_who_may_unpublish)
def unpublish_view_with_descendants(case: Case) -> None:
    case.post(case.url("unpublish"), {"include_descendants": "on"})


@attempt("live")
def delete_view(case: Case) -> None:
    case.post(case.url("delete"))


@attempt("live")
def move_view(case: Case) -> None:
    case.post(case.url("move_confirm", case.page.pk, elsewhere(case).pk))


@attempt("live", quiet=True)
def reorder(case: Case) -> None:
    case.post(case.url("set_page_position") + "?position=0")


@attempt("draft", "live")
def privacy_settings(case: Case) -> None:
    case.post(
        case.url("set_privacy"),
        {"restriction_type": "login", "password": "", "groups": []},
        headers={"x-requested-with": "XMLHttpRequest"},
    )


@attempt("draft", "live", quiet=True)
def lock_and_unlock(case: Case) -> None:
    case.post(case.url("lock"))
    case.post(case.url("unlock"))


# --- code ----------------------------------------------------------------------------------------


@attempt("draft", impersonal=True)
def save_the_page_live(case: Case) -> None:
    case.page.live = True
    case.page.save()


@attempt("draft", impersonal=True)
def save_the_plain_page_live(case: Case) -> None:
    page = Page.objects.get(pk=case.page.pk)
    page.live = True
    page.save()


@attempt("draft", "live")
def publish_the_page(case: Case) -> None:
    case.page.publish(case.page.get_latest_revision(), user=case.user)


@attempt("draft", "live")
def publish_the_revision(case: Case) -> None:
    case.page.get_latest_revision().publish(user=case.user)


@attempt("draft", "live")
def publish_the_revision_unchecked(case: Case) -> None:
    if case.page.live and case.page.live_revision_id == case.page.latest_revision_id:
        raise OtherAct
    action = PublishPageRevisionAction(case.page.get_latest_revision(), user=case.user)
    action.execute(skip_permission_checks=True)


@attempt("draft", succeeds=when_approved)
def publish_the_pair(case: Case) -> None:
    publishing.publish_pair(case.target, user=case.user)


@attempt("live")
def publish_the_live_pair_again(case: Case) -> None:
    if not publishing.publication_blockers(case.page):
        raise OtherAct
    publishing.publish_pair(case.target, user=case.user)


@attempt("draft", succeeds=when_approved, impersonal=True)
def plan_in_the_database_and_wait(case: Case) -> None:
    past = timezone.now() - timedelta(minutes=1)
    case.target.save_revision(approved_go_live_at=past, clean=False)
    call_command("publish_scheduled", verbosity=0)


@attempt("draft", impersonal=True)
def update_one_language_live(case: Case) -> None:
    Page.objects.filter(pk=case.page.pk).update(live=True)


@attempt("live", impersonal=True)
def update_one_language_down(case: Case) -> None:
    Page.objects.filter(pk=case.target.pk).update(live=False)


@attempt("draft", impersonal=True)
def raw_sql(case: Case) -> None:
    with connection.cursor() as cursor:
        cursor.execute("UPDATE wagtailcore_page SET live = true WHERE id = %s", [case.target.pk])


@attempt("live", impersonal=True)
def raw_sql_parting_the_pair(case: Case) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE wagtailcore_page SET translation_key = gen_random_uuid() WHERE id = %s", [case.target.pk]
        )


@attempt("live", succeeds=those_who_may_unpublish)
def unpublish_in_code(case: Case) -> None:
    case.target.unpublish(user=case.user)


@attempt("live", succeeds=those_who_may_unpublish)
def unpublish_the_plain_page_in_code(case: Case) -> None:
    Page.objects.get(pk=case.page.pk).unpublish(user=case.user)


@attempt("live", succeeds=anybody, impersonal=True)
def unpublish_unchecked(case: Case) -> None:
    UnpublishPageAction(case.page, include_descendants=False).execute(skip_permission_checks=True)


@attempt("live", impersonal=True)
def save_the_page_down(case: Case) -> None:
    case.page.live = False
    case.page.save()


@attempt("live", impersonal=True)
def save_a_changed_title(case: Case) -> None:
    case.page.title = "Changed in place"
    case.page.save()


@attempt("live", impersonal=True)
def delete_in_code(case: Case) -> None:
    case.page.delete()


@attempt("live", impersonal=True)
def delete_unchecked(case: Case) -> None:
    DeletePageAction(case.page, user=None).execute(skip_permission_checks=True)


@attempt("live", impersonal=True)
def delete_the_query(case: Case) -> None:
    Page.objects.filter(pk=case.page.pk).delete()


@attempt("live", impersonal=True)
def move_in_code(case: Case) -> None:
    case.page.move(elsewhere(case), pos="last-child")


@attempt("live", impersonal=True)
def move_unchecked(case: Case) -> None:
    MovePageAction(case.page, elsewhere(case), pos="last-child").execute(skip_permission_checks=True)
