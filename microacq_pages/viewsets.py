"""Wagtail admin view sets of this app."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms.choosers import BaseFilterForm, LocaleFilterMixin
from wagtail.snippets.views.chooser import ChooseResultsView, ChooseView, SnippetChooserViewSet
from wagtail.snippets.views.snippets import SnippetViewSet

from .models import Skill


class SkillsByName(LocaleFilterMixin, BaseFilterForm):
    """Finds skills by a part of their name: a look into the table, because an index lacks what was just added."""

    q = forms.CharField(
        label=_("Search term"),
        widget=forms.TextInput(attrs={"placeholder": _("Search")}),
        required=False,
    )

    def filter(self, objects: Any) -> Any:
        """Keep those whose name has what is searched for."""
        self.search_query = self.cleaned_data.get("q") or ""
        self.is_searching = bool(self.search_query)
        return super().filter(objects).filter(name__icontains=self.search_query)


class ChooseSkillView(ChooseView):
    """The heading says what is chosen."""

    page_subtitle = ""
    filter_form_class = SkillsByName


class SkillResultsView(ChooseResultsView):
    """The list that follows what is searched for."""

    filter_form_class = SkillsByName


class SkillChooserViewSet(SnippetChooserViewSet):
    """How authors choose a skill. Wagtail’s own heading, “Choose”, has no French."""

    choose_view_class = ChooseSkillView
    choose_results_view_class = SkillResultsView
    per_page = 50
    page_title = _("Choose a skill")


class SkillViewSet(SnippetViewSet):
    """Skills, in both languages."""

    model = Skill
    chooser_viewset_class = SkillChooserViewSet
    icon = "tag"
    list_display = ("name", "locale")
    search_fields = ("name",)
    ordering = ("name",)
