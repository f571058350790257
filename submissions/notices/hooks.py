"""What the outbox adds to Wagtail: its list in the admin, and the steps of ``manage.py tick`` that belong
to no stage.

``microacq_tick`` is the registry of those steps: a hook of functions without arguments, run in the order in
which they are registered. Each manages its own transactions, returns what it did in a sentence (or
nothing), and raises if it failed.
"""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import Permission
from django.core.management import call_command
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin import messages
from wagtail.admin.menu import MenuItem
from wagtail.models import Page
from wagtail.permissions import register_permission_policy
from wagtail.snippets.models import register_snippet

from microacq_pages import pairs
from microacq_pages.models import Opportunity, PublicStatus

from . import (
    checks,  # noqa: F401  (registers itself)
    text_views,
)
from .bouncing import mailboxes
from .bouncing import services as bouncing
from .delivery import deliver_due
from .digest import send_digests
from .digest_settings import DigestSettingsPanel
from .enums import MessageState
from .following import services as following
from .models import NoticeText, OutgoingMessage
from .permissions import outgoing_message_policy
from .subscribing import announcing, daily
from .subscribing import services as subscribing
from .subscribing.admin import VIEW, MailingListView, RestoreView
from .viewsets import OutgoingMessageViewSet

register_permission_policy(OutgoingMessage, outgoing_message_policy)
register_snippet(text_views.NoticeTextViewSet)


@hooks.register("register_admin_viewset")
def register_outgoing_messages() -> OutgoingMessageViewSet:
    """The list of outgoing messages."""
    return OutgoingMessageViewSet("outgoing_messages")


@hooks.register("after_create_snippet")
@hooks.register("after_edit_snippet")
def keep_translation_of_text_in_step(request: HttpRequest, instance: Any) -> None:
    """Translators see the text of staff as it was last saved."""
    if isinstance(instance, NoticeText):
        pairs.keep_snippet_in_step(instance, request.user)  # type: ignore[arg-type]


@hooks.register("before_delete_snippet")
def keep_text_that_is_sent(request: HttpRequest, instances: Any) -> HttpResponse | None:
    """A text that is sent stays until it is withdrawn."""
    for instance in instances:
        if isinstance(instance, NoticeText) and (reason := text_views.why_kept(instance)):
            messages.error(request, reason)
            return redirect("microacq_notice_text", instance.pk)
    return None


@hooks.register("register_admin_urls")
def register_notice_text_urls() -> list[URLPattern]:
    """The preview of a text of staff, and the acts by which it is sent or not."""
    return [
        path("mail-texts/<int:pk>/", text_views.preview, name="microacq_notice_text"),
        path("mail-texts/<int:pk>/send/", text_views.put_in_force, name="microacq_notice_text_in_force"),
        path("mail-texts/<int:pk>/withdraw/", text_views.withdraw, name="microacq_notice_text_withdraw"),
    ]


@hooks.register("register_permissions")
def register_notice_permissions() -> Any:
    """What can be given to a group."""
    names = ["send_noticetext", "view_mailinglist", "restore_subscriber"]
    return Permission.objects.filter(content_type__app_label="submissions", codename__in=names)


@hooks.register("register_admin_urls")
def register_mailing_list_urls() -> list[URLPattern]:
    """How many are on the list, and addresses written to again."""
    return [
        path("mailing-list/", MailingListView.as_view(), name="microacq_mailing_list"),
        path("mailing-list/restore/", RestoreView.as_view(), name="microacq_mailing_list_restore"),
    ]


class MailingListMenuItem(MenuItem):
    """Shown to those who may see it."""

    def is_shown(self, request: HttpRequest) -> bool:
        return bool(request.user.has_perm(VIEW))


@hooks.register("register_reports_menu_item")
def register_mailing_list_menu_item() -> MenuItem:
    """Its place in the menu."""
    return MailingListMenuItem(
        _("Mailing list"),
        reverse("microacq_mailing_list"),
        name="mailing-list",
        icon_name="mail",
        order=660,
    )


# After the stage that gives the opportunity its number and its public status.
@hooks.register("microacq_pair_published", order=100)
def announce_new_opportunity(source: Page, target: Page, user: Any, first: bool) -> None:
    """The mailing list is to be told of what was posted for the first time."""
    if not (first and isinstance(source, Opportunity)):
        return
    status = PublicStatus.objects.filter(translation_key=source.translation_key).first()
    if status is not None:
        announcing.announce(status)


@hooks.register("microacq_tick", order=100)
def publish_scheduled() -> None:
    """Publish and take down what was scheduled."""
    call_command("publish_scheduled", verbosity=0)


@hooks.register("microacq_tick", order=150)
def forget_who_did_not_confirm() -> str | None:
    """Delete addresses that nobody confirmed, and those that were set aside long ago."""
    following.forget()
    subscribing.forget()
    gone = bouncing.forget()
    return f"{gone} addresses deleted" if gone else None


@hooks.register("microacq_tick", order=700)
def fetch_returned_mail() -> str | None:
    """Take in the mail that came back, where the settings say where it is."""
    taken = mailboxes.fetch_when_due()
    return f"{taken} returned messages taken in" if taken else None


@hooks.register("microacq_tick", order=780)
def go_on_telling_the_list() -> str | None:
    """Write the letters that a worker left unwritten."""
    letters = announcing.go_on()
    return f"{letters} letters to the mailing list queued" if letters else None


@hooks.register("microacq_tick", order=790)
def send_digests_to_the_list() -> str | None:
    """Tell those who want to hear once a day."""
    sent = daily.send_digests()
    return f"{sent} digests to the mailing list queued" if sent else None


@hooks.register("microacq_tick", order=800)
def send_daily_digests() -> str | None:
    """Tell everyone once a business day what waits for them."""
    sent = send_digests()
    return f"{sent} daily digests queued" if sent else None


@hooks.register("register_account_settings_panel")
def offer_daily_digest(request: HttpRequest, user: Any, profile: Any) -> DigestSettingsPanel:
    """The choice in a person’s own account, beside Wagtail’s notifications."""
    return DigestSettingsPanel(request, user, profile)


@hooks.register("microacq_tick", order=900)
def deliver_due_mail() -> str | None:
    """Send what is due: last, so that mail of the steps before leaves at once."""
    outcomes = deliver_due()
    if not outcomes:
        return None
    sent = outcomes.get(MessageState.SENT.value, 0)
    return f"{sent} of {sum(outcomes.values())} due messages sent"
