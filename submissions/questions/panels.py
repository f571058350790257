"""The questions of a file on its page in the Wagtail admin."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import Count
from django.urls import reverse
from wagtail.admin.ui.components import Component
from wagtail.models import Page

from microacq_pages import pairs
from submissions.solicitations.enums import State as FileState
from submissions.solicitations.panels import when

from . import closing, waiting
from .enums import State
from .models import Question
from .permissions import QuestionPermissionPolicy

if TYPE_CHECKING:
    from django.contrib.auth.models import User

    from submissions.solicitations.models import Solicitation


class QuestionsPanel(Component):
    """Until when questions are taken, how many wait, what must be done about them, and the way to each."""

    template_name = "submissions/questions/admin/panel.html"
    order = 240  # after the decisions, before the applications

    def __init__(self, solicitation: Solicitation, user: User) -> None:
        self.solicitation, self.user = solicitation, user

    def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
        file = self.solicitation
        visible = QuestionPermissionPolicy(Question).instances_user_has_permission_for(self.user, "view")
        questions = list(visible.for_listing().filter(solicitation=file).order_by("number"))
        counted = dict(
            file.asked_questions.values_list("state").annotate(count=Count("pk")).order_by("state")
        )
        return {
            "file": file,
            "closes_at": when(closing.closes_at(file.deadline)),
            "takes_questions": closing.takes_questions(file, file.clock),
            "findings": waiting.findings(file, file.clock),
            "counts": [(state.label, counted[state.value]) for state in State if counted.get(state.value)],
            "questions": questions,
            "extension_url": self._extension_url(),
            "list_url": f"{reverse('questions:index')}?file={file.number}",
        }

    def _extension_url(self) -> str:
        """Where an amendment is written: the editor of the page, for those who may, while it can still help."""
        file = self.solicitation
        if file.state != FileState.POSTED or file.clock >= file.deadline:
            return ""
        page = Page.objects.filter(translation_key=file.translation_key).first()
        if page is None:
            return ""
        source = pairs.source_of(page)
        may_edit = source.permissions_for_user(self.user).can_edit()
        return reverse("wagtailadmin_pages:edit", args=[source.pk]) if may_edit else ""
