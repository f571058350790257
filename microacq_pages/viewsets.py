"""Wagtail admin view sets of this app."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from wagtail.snippets.views.chooser import ChooseView, SnippetChooserViewSet
from wagtail.snippets.views.snippets import SnippetViewSet

from .models import Skill


class ChooseSkillView(ChooseView):
    """The heading says what is chosen."""

    page_subtitle = ""


class SkillChooserViewSet(SnippetChooserViewSet):
    """How authors choose a skill. Wagtail’s own heading, “Choose”, has no French."""

    choose_view_class = ChooseSkillView
    page_title = _("Choose a skill")


class SkillViewSet(SnippetViewSet):
    """Skills, in both languages."""

    model = Skill
    chooser_viewset_class = SkillChooserViewSet
    icon = "tag"
    list_display = ("name", "locale")
    search_fields = ("name",)
    ordering = ("name",)
