"""``load_demo``: accounts, pages, opportunities and applications of the demonstration; idempotent."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from submissions.demo import (
    accounts,
    amending,
    announcements,
    changed_text,
    drafts,
    figures,
    followers,
    form,
    mail_texts,
    mailing,
    opportunities,
    pages,
    proposals,
    questions,
    requests,
    second_applications,
    splitting,
    survey,
)


class Command(BaseCommand):
    help = "Load demonstration content where there is none. Refused where MICROACQ_DEMO is off."

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.MICROACQ_DEMO:
            raise CommandError("This is no demonstration: MICROACQ_DEMO is off, so nothing is loaded.")
        self._show(accounts.load())
        self._show(pages.load_skills())
        self._show(pages.load_projects())
        self._show(pages.load_pages())
        self._show(changed_text.load())
        self._show(form.load())
        self._show(requests.load())
        self._show(proposals.ensure_trial())
        self._show(opportunities.load())
        self._show(questions.load())
        self._show(proposals.load())
        self._show(second_applications.load())
        self._show(drafts.load())
        self._show(mail_texts.load())
        self._show(splitting.settle_plans())
        self._show(followers.load())
        self._show(mailing.load())
        self._show(amending.load())
        self._show(survey.load())
        self._show(announcements.load())
        self._show(figures.load())

    def _show(self, lines: Iterable[str]) -> None:
        for line in lines:
            self.stdout.write(line)
            self.stdout.flush()
