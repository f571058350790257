"""What waits for a translator: on the dashboard of the Wagtail admin, and in the list of all waiting work."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django.middleware.csrf import get_token
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.components import Component

from microacq_pages.permission_testers import EDIT_TRANSLATION
from microacq_pages.waiting import WaitingItem

from . import waiting

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractBaseUser

#: The most urgent; the page “Translations” lists all.
WAITING_SHOWN = 10


class TranslationsWaitingPanel(Component):
    """On a translator's dashboard: the most urgent of what is left."""

    name = "translations_waiting"
    template_name = "microacq_pages/translating/panels/waiting.html"
    order = 150

    class Media:
        css: ClassVar[dict[str, list[str]]] = {"all": ["microacq_pages/css/translating.css"]}

    def get_context_data(self, parent_context: dict[str, Any]) -> dict[str, Any]:
        request = parent_context["request"]
        if not request.user.has_perm(EDIT_TRANSLATION):
            return {"jobs": []}
        jobs = waiting.jobs_for(request.user)
        return {
            "jobs": jobs[:WAITING_SHOWN],
            "more": max(0, len(jobs) - WAITING_SHOWN),
            "words": sum(job.progress.words for job in jobs),
            "request": request,
            "next": reverse("wagtailadmin_home"),
            "csrf_token": get_token(request),
        }


def waiting_work(user: AbstractBaseUser) -> list[WaitingItem]:
    """What waits for this person as a translator, for the list of all waiting work."""
    return [
        WaitingItem(
            kind="translation",
            label=_("Confirm that the translation is complete") if job.is_complete else _("Translate"),
            title=job.title,
            language=job.source_language,
            url=job.url,
            since=job.since,
            due=job.due,
            detail="" if job.is_complete else waiting.summary(job.progress),
        )
        for job in waiting.jobs_for(user)
    ]
