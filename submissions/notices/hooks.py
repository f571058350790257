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
from django.urls import URLPattern, path
from wagtail import hooks
from wagtail.admin import messages
from wagtail.permissions import register_permission_policy
from wagtail.snippets.models import register_snippet

from microacq_pages import pairs

from . import (
    checks,  # noqa: F401  (registers itself)
    text_views,
)
from .delivery import deliver_due
from .digest import send_digests
from .digest_settings import DigestSettingsPanel
from .enums import MessageState
from .following.services import forget
from .models import NoticeText, OutgoingMessage
from .permissions import outgoing_message_policy
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
    """Putting mail texts in force can be given to a group."""
    return Permission.objects.filter(content_type__app_label="submissions", codename="send_noticetext")


@hooks.register("microacq_tick", order=100)
def publish_scheduled() -> None:
    """Publish and take down what was scheduled."""
    call_command("publish_scheduled", verbosity=0)


@hooks.register("microacq_tick", order=150)
def forget_who_did_not_confirm() -> str | None:
    """Delete addresses that nobody confirmed."""
    gone = forget()
    return f"{gone} unconfirmed addresses deleted" if gone else None


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
