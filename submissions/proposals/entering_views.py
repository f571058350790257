"""The staff’s screen for an application that came by telephone, on paper or in person, and its printable receipt.

Thin: ``entering`` decides at every request. Nothing typed is lost, whatever the answer.
"""

from __future__ import annotations

import uuid
from typing import Any, cast

from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.cache import add_never_cache_headers
from django.utils.translation import get_language, gettext_lazy, override
from django.utils.translation import gettext as _
from django.views.generic import TemplateView

from submissions.proposals import entering, services, visits
from submissions.proposals.entering import Entered, EntryForm
from submissions.proposals.views import FileMixin
from submissions.solicitations.models import Posting


class EntryView(FileMixin, TemplateView):
    """A screen of those who may enter an application for a supplier."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        entering.require(self.file, self.user)
        return super().dispatch(request, *args, **kwargs)

    @property
    def user(self) -> User:
        """Who is signed in."""
        return cast(User, self.request.user)


class EnterView(EntryView):
    """The form, and after saving the receipt; what was typed is not shown again."""

    template_name = "submissions/proposals/admin/enter.html"
    page_title = gettext_lazy("Enter an application for a supplier")
    http_method_names = ("get", "head", "post")

    @property
    def written_in(self) -> str:
        """The language of the application: the one chosen, else the reader’s."""
        values = self.request.POST if self.request.method == "POST" else self.request.GET
        chosen = values.get("written_in") or (get_language() or "en")[:2]
        return chosen if chosen in dict(entering.languages()) else "en"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        posting = self.file.current_posting
        return self.show(self.form(posting), posting)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Enter it, or show the form with every word typed and what stands against it."""
        posting = self.file.current_posting
        form = self.form(posting)
        if kwargs.get("csrf_failed"):
            return self.show(form, posting, status=visits.FORBIDDEN, notice=_sign_in_again())
        if not self.is_open():
            return self.show(form, posting, status=visits.GONE)
        if request.POST.get("posting") != posting.digest:
            return self.show(form, posting, status=visits.CONFLICT, notice=_amended())
        if not form.is_valid():
            return self.show(form, posting, status=visits.UNPROCESSABLE)
        try:
            entered = entering.enter(form, user=self.user, posting=posting, key=self.key())
        except services.Closed:
            return self.show(form, posting, status=visits.GONE)
        except services.PostingChanged:
            posting = self.file.current_posting
            return self.show(self.form(posting), posting, status=visits.CONFLICT, notice=_amended())
        except services.AlreadyEntered:
            form = self.form(posting, is_conflict=True)
            return self.show(form, posting, status=visits.CONFLICT, notice=_entered_before())
        return self.receipt(entered)

    def form(self, posting: Posting, *, is_conflict: bool = False) -> EntryForm:
        """The form that a posting asks, with what was typed."""
        typed = self.request.POST if self.request.method == "POST" else None
        with override(self.written_in):
            return EntryForm(
                typed,
                items=posting.items.all(),
                language=self.written_in,
                file=self.file,
                is_conflict=is_conflict or bool(typed and "replaces_entry" in typed),
            )

    def key(self) -> uuid.UUID:
        """What names this form, so that sending it twice enters it once."""
        try:
            return uuid.UUID(self.request.POST.get("entry", ""))
        except ValueError:
            return uuid.uuid4()

    def is_open(self) -> bool:
        """Whether the file takes applications, by the database’s clock."""
        file = visits.file_of(self.file.number)
        return file is not None and visits.takes_applications(file)

    def show(self, form: EntryForm, posting: Posting, *, status: int = 200, notice: str = "") -> HttpResponse:
        is_open = self.is_open()
        context = self.get_context_data(
            form=form,
            sections=form.sections(),
            problems=form.problems() if is_open else [],
            posting=posting,
            entry=self.key(),
            written_in=self.written_in,
            languages=entering.languages(),
            is_open=is_open,
            typed=form.typed() if form.is_bound and not is_open else [],
            leftovers=form.leftovers() if form.is_bound else [],
            notice=notice,
            media=form.media,
        )
        return self.render_to_response(context, status=status if is_open else visits.GONE)

    def receipt(self, entered: Entered) -> HttpResponse:
        """What to print and hand over. It stands in no address: loading it again makes another link."""
        language = entered.proposal.correspondence_language
        context = self.get_context_data(entered=entered, proposal=entered.proposal, language=language)
        self.template_name = "submissions/proposals/admin/entered.html"
        response = self.render_to_response(context)
        add_never_cache_headers(response)
        response["Referrer-Policy"] = "no-referrer"
        return response


def _sign_in_again() -> str:
    return _(
        "Nothing was saved, because this page had been open for too long or you signed in again meanwhile. Nothing you "
        "typed is lost: check it and save it again."
    )


def _amended() -> str:
    return _(
        "The opportunity was amended while you were typing, so nothing was saved. Nothing you typed is lost: ask the "
        "supplier what is asked now, then save it again."
    )


def _entered_before() -> str:
    return _(
        "Nothing was saved: an application was entered before for the same telephone number or postal address, and "
        "only one counts. If this one takes its place, tick the box below and save it again."
    )
