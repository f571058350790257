"""Who may see which question: everyone whose work is files, and clients those about their own, once accepted.

Nobody adds, changes or deletes a question through the admin; what is done to it is a transition, whose permission
the state table names. The translation of a text is the one thing that the editor of snippets may change.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING, Any

from django.contrib.auth import get_user_model
from django.db.models import QuerySet
from wagtail.permission_policies import BasePermissionPolicy, ModelPermissionPolicy

from . import states
from .enums import State

if TYPE_CHECKING:
    from django.contrib.auth.models import User

    from .models import Question

VIEW = "submissions.view_question"
_BACKEND = "django.contrib.auth.backends.ModelBackend"


class QuestionPermissionPolicy(BasePermissionPolicy):
    """Knows one action, ``view``; every other is refused to everyone, superusers included."""

    def user_has_permission(self, user: User, action: str) -> bool:
        return action == "view" and (user.has_perm(VIEW) or user.has_perm(states.ANSWER_OWN))

    def users_with_any_permission(self, actions: Collection[str]) -> QuerySet[Any]:
        people = get_user_model().objects
        if "view" not in actions:
            return people.none()
        return people.with_perm(VIEW, backend=_BACKEND) | people.with_perm(
            states.ANSWER_OWN, backend=_BACKEND
        )

    def user_has_permission_for_instance(self, user: User, action: str, instance: Question) -> bool:
        if action != "view":
            return False
        if user.has_perm(VIEW):
            return True
        return (
            user.has_perm(states.ANSWER_OWN)
            and instance.solicitation.client_id == user.pk
            and bool(instance.written_in)
            and instance.state not in (State.REJECTED, State.FAQ)
        )

    def instances_user_has_any_permission_for(
        self, user: User, actions: Collection[str]
    ) -> QuerySet[Question]:
        questions: QuerySet[Question] = self.model.objects.all()
        if "view" not in actions:
            return questions.none()
        if user.has_perm(VIEW):
            return questions
        if not user.has_perm(states.ANSWER_OWN):
            return questions.none()
        theirs = questions.filter(solicitation__client_id=user.pk).exclude(written_in="")
        return theirs.exclude(state__in=[State.REJECTED, State.FAQ])

    def users_with_any_permission_for_instance(
        self, actions: Collection[str], instance: Question
    ) -> QuerySet[Any]:
        everyone = self.users_with_any_permission(actions)
        keys = [user.pk for user in everyone if self.user_has_permission_for_instance(user, "view", instance)]
        return get_user_model().objects.filter(pk__in=keys)


class QuestionTextPermissionPolicy(ModelPermissionPolicy):
    """Translators open a text in the translation editor; nobody adds or deletes one, superusers included."""

    def user_has_permission(self, user: User, action: str) -> bool:
        return action == "change" and bool(super().user_has_permission(user, action))

    def user_has_any_permission(self, user: User, actions: Collection[str]) -> bool:
        return any(self.user_has_permission(user, action) for action in actions)
