"""What the outbox adds to Wagtail: its list in the admin, and the steps of ``manage.py tick`` that belong
to no stage.

``microacq_tick`` is the registry of those steps: a hook of functions without arguments, run in the order in
which they are registered. Each manages its own transactions, returns what it did in a sentence (or
nothing), and raises if it failed.
"""

from __future__ import annotations

from django.core.management import call_command
from wagtail import hooks
from wagtail.permissions import register_permission_policy

from . import checks  # noqa: F401  (registers itself)
from .delivery import deliver_due
from .enums import MessageState
from .following.services import forget
from .models import OutgoingMessage
from .permissions import outgoing_message_policy
from .viewsets import OutgoingMessageViewSet

register_permission_policy(OutgoingMessage, outgoing_message_policy)


@hooks.register("register_admin_viewset")
def register_outgoing_messages() -> OutgoingMessageViewSet:
    """The list of outgoing messages."""
    return OutgoingMessageViewSet("outgoing_messages")


@hooks.register("microacq_tick", order=100)
def publish_scheduled() -> None:
    """Publish and take down what was scheduled."""
    call_command("publish_scheduled", verbosity=0)


@hooks.register("microacq_tick", order=150)
def forget_who_did_not_confirm() -> str | None:
    """Delete addresses that nobody confirmed."""
    gone = forget()
    return f"{gone} unconfirmed addresses deleted" if gone else None


@hooks.register("microacq_tick", order=900)
def deliver_due_mail() -> str | None:
    """Send what is due: last, so that mail of the steps before leaves at once."""
    outcomes = deliver_due()
    if not outcomes:
        return None
    sent = outcomes.get(MessageState.SENT.value, 0)
    return f"{sent} of {sum(outcomes.values())} due messages sent"
