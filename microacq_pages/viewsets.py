"""Wagtail admin view sets of this app."""

from __future__ import annotations

from wagtail.snippets.views.snippets import SnippetViewSet

from .models import Skill


class SkillViewSet(SnippetViewSet):
    """Skills, in both languages."""

    model = Skill
    icon = "tag"
    list_display = ("name", "locale")
    search_fields = ("name",)
    ordering = ("name",)
