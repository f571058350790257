"""Who may see and make which request: IT Strategy and the auditor all of them, a client their own.

Nobody changes or deletes a request through the admin; what becomes of it is a step of the state table.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING, Any

from django.contrib.auth import get_user_model
from django.db.models import QuerySet
from wagtail.permission_policies import BasePermissionPolicy

if TYPE_CHECKING:
    from .models import ClientRequest

ADD = "microacq_pages.add_clientrequest"
VIEW_ALL = "microacq_pages.view_clientrequest"
VIEW_OWN = "microacq_pages.view_own_clientrequest"
TRIAGE = "microacq_pages.triage_clientrequest"
_BACKEND = "django.contrib.auth.backends.ModelBackend"

#: What gives each action on some request.
GIVEN_BY: dict[str, tuple[str, ...]] = {
    "add": (ADD,),
    "view": (VIEW_ALL, VIEW_OWN),
    "triage": (TRIAGE,),
    "report": (VIEW_ALL,),
}


class ClientRequestPermissionPolicy(BasePermissionPolicy):
    """Knows the actions ``add``, ``view``, ``triage`` and ``report``; every other is refused, to superusers too."""

    def user_has_permission(self, user: Any, action: str) -> bool:
        return any(user.has_perm(name) for name in GIVEN_BY.get(action, ()))

    def users_with_any_permission(self, actions: Collection[str]) -> QuerySet[Any]:
        people = get_user_model().objects
        found = people.none()
        for name in sorted({name for action in actions for name in GIVEN_BY.get(action, ())}):
            found = found | people.with_perm(name, backend=_BACKEND)
        return found

    def user_has_permission_for_instance(self, user: Any, action: str, instance: ClientRequest) -> bool:
        if action != "view":
            return self.user_has_permission(user, action)
        return user.has_perm(VIEW_ALL) or (user.has_perm(VIEW_OWN) and instance.requester_id == user.pk)

    def instances_user_has_any_permission_for(
        self, user: Any, actions: Collection[str]
    ) -> QuerySet[ClientRequest]:
        requests: QuerySet[ClientRequest] = self.model.objects.all()
        if "triage" in actions and user.has_perm(TRIAGE):
            return requests
        if "view" in actions and user.has_perm(VIEW_ALL):
            return requests
        if "view" in actions and user.has_perm(VIEW_OWN):
            return requests.filter(requester_id=user.pk)
        return requests.none()

    def users_with_any_permission_for_instance(
        self, actions: Collection[str], instance: ClientRequest
    ) -> QuerySet[Any]:
        people = get_user_model().objects
        found = people.none()
        if "view" in actions:
            owner = people.with_perm(VIEW_OWN, backend=_BACKEND).filter(pk=instance.requester_id)
            found = people.with_perm(VIEW_ALL, backend=_BACKEND) | owner
        if "triage" in actions:
            found = found | people.with_perm(TRIAGE, backend=_BACKEND)
        return found
