"""Filters of the list of translations."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from microacq_pages.blockers import LANGUAGE_NAMES

from .waiting import Job


class Show(TextChoices):
    """Which of the translations that wait."""

    DUE = "due", _("Needed by a date")
    REVIEW = "review", _("A review waits for it")
    MEANWHILE = "meanwhile", _("Changed while you worked")
    CHANGED = "changed", _("With changed text")


class FilterForm(forms.Form):
    """Narrows the list; what is not understood narrows nothing."""

    q = forms.CharField(label=_("Title"), required=False, max_length=200)
    language = forms.ChoiceField(
        label=_("Into"), required=False, choices=[("", _("Both languages")), *LANGUAGE_NAMES.items()]
    )
    model = forms.ChoiceField(label=_("Kind"), required=False)
    show = forms.ChoiceField(label=_("Show"), required=False, choices=[("", _("All")), *Show.choices])

    def __init__(self, data: Any, *, jobs: list[Job]) -> None:
        super().__init__(data)
        kinds = sorted({(job.model, job.kind) for job in jobs}, key=lambda pair: pair[1])
        field: Any = self.fields["model"]
        field.choices = [("", _("All kinds")), *kinds]

    def is_used(self) -> bool:
        """Whether anything is narrowed."""
        return not self.is_valid() or any(self.cleaned_data.values())

    def chosen(self, jobs: list[Job]) -> list[Job]:
        """The translations that are asked for, in the same order."""
        self.is_valid()
        values = self.cleaned_data
        return [job for job in jobs if self._wants(job, values)]

    @staticmethod
    def _wants(job: Job, values: dict[str, Any]) -> bool:
        show = values.get("show", "")
        return (
            values.get("q", "").casefold() in job.title.casefold()
            and values.get("language", "") in ("", job.language)
            and values.get("model", "") in ("", job.model)
            and (
                not show
                or (show == Show.DUE and job.due is not None)
                or (show == Show.REVIEW and bool(job.step))
                or (show == Show.MEANWHILE and job.changed_meanwhile)
                or (show == Show.CHANGED and job.progress.strings_changed > 0)
            )
        )
