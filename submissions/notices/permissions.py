"""Who may do what with outgoing messages: look, and ask for another attempt. Nobody changes one."""

from __future__ import annotations

from typing import Any

from wagtail.permission_policies import ModelPermissionPolicy

from .models import OutgoingMessage

ALLOWED = frozenset({"view", "retry"})


class OutgoingMessagePolicy(ModelPermissionPolicy):
    """Refuses every other act to everybody, superusers included."""

    def user_has_permission(self, user: Any, action: str) -> bool:
        """Whether this person may do this with messages."""
        return action in ALLOWED and super().user_has_permission(user, action)

    def users_with_any_permission(self, actions: Any) -> Any:
        """Who may do any of these with messages."""
        allowed = ALLOWED.intersection(actions)
        users = super().users_with_any_permission(allowed)
        return users if allowed else users.none()


outgoing_message_policy = OutgoingMessagePolicy(OutgoingMessage)
