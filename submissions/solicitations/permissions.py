"""Who may see which procurement file: everyone whose work is files, and clients their own.

Nobody adds, changes or deletes a file through the admin; what is done to it is a transition, and
the state table names its permission.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING, Any

from django.contrib.auth import get_user_model
from django.db.models import QuerySet
from wagtail.permission_policies import BasePermissionPolicy

if TYPE_CHECKING:
    from django.contrib.auth.models import User

    from .models import Solicitation

VIEW_ALL = "submissions.view_solicitation"
VIEW_OWN = "submissions.view_own_solicitation"
_BACKEND = "django.contrib.auth.backends.ModelBackend"


class SolicitationPermissionPolicy(BasePermissionPolicy):
    """Knows one action, ``view``; every other is refused to everyone, superusers included."""

    def user_has_permission(self, user: User, action: str) -> bool:
        return action == "view" and (user.has_perm(VIEW_ALL) or user.has_perm(VIEW_OWN))

    def users_with_any_permission(self, actions: Collection[str]) -> QuerySet[Any]:
        people = get_user_model().objects
        if "view" not in actions:
            return people.none()
        return people.with_perm(VIEW_ALL, backend=_BACKEND) | people.with_perm(VIEW_OWN, backend=_BACKEND)

    def user_has_permission_for_instance(self, user: User, action: str, instance: Solicitation) -> bool:
        if action != "view":
            return False
        if user.has_perm(VIEW_ALL):
            return True
        return user.has_perm(VIEW_OWN) and instance.client_id is not None and instance.client_id == user.pk

    def instances_user_has_any_permission_for(
        self, user: User, actions: Collection[str]
    ) -> QuerySet[Solicitation]:
        files: QuerySet[Solicitation] = self.model.objects.all()
        if "view" not in actions:
            return files.none()
        if user.has_perm(VIEW_ALL):
            return files
        return files.filter(client_id=user.pk) if user.has_perm(VIEW_OWN) else files.none()

    def users_with_any_permission_for_instance(
        self, actions: Collection[str], instance: Solicitation
    ) -> QuerySet[Any]:
        people = get_user_model().objects
        if "view" not in actions:
            return people.none()
        owner = people.with_perm(VIEW_OWN, backend=_BACKEND).filter(pk__in=[instance.client_id])
        return people.with_perm(VIEW_ALL, backend=_BACKEND) | owner
