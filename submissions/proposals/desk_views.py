"""The staff’s screen of the applications that staff entered: whom to tell of an amendment, and what to withdraw.

Thin: ``desk`` decides at every request. Nothing typed is lost, whatever the answer.
"""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from submissions.proposals import desk, services, visits
from submissions.proposals.entering_views import EntryView


class DeskView(EntryView):
    """What was entered; one POST shows how to reach a supplier, keeps that they were told, or withdraws."""

    template_name = "submissions/proposals/admin/desk.html"
    page_title = gettext_lazy("Applications entered by staff")
    http_method_names = ("get", "head", "post")

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.show()

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """One act about one application, named by its receipt number."""
        acts = {"reach": self.reach, "told": self.told, "withdraw": self.withdraw}
        act = acts.get(request.POST.get("act", ""))
        if act is None:
            return self.show(status=visits.UNPROCESSABLE)
        try:
            return act(request.POST.get("receipt", ""))
        except desk.NothingToDo:
            messages.warning(
                request,
                _(
                    "Nothing was saved: it was done meanwhile, or the file changed. Look at how it stands now."
                ),
            )
            return self.show(status=visits.CONFLICT)
        except services.Closed:
            messages.error(
                request,
                _(
                    "Nothing was saved: the deadline has passed, and an application can be withdrawn only before it."
                ),
            )
            return self.show(status=visits.GONE)

    def reach(self, receipt: str) -> HttpResponse:
        """Show how to reach a supplier; the answer stands in no address and nobody keeps it."""
        return self.show(receipt=receipt, reached=desk.reach(self.file, self.user, receipt))

    def told(self, receipt: str) -> HttpResponse:
        form = desk.ToldForm(self.request.POST)
        amendment = self.request.POST.get("amendment", "")
        if not form.is_valid():
            return self.show(receipt=receipt, told_form=form, status=visits.UNPROCESSABLE)
        desk.tell(
            self.file,
            self.user,
            receipt,
            amendment=int(amendment) if amendment.isdecimal() and len(amendment) < 6 else -1,
            how=form.cleaned_data["how"],
        )
        messages.success(self.request, _("Kept: the supplier of application %s was told.") % receipt)
        return redirect(self.request.path)

    def withdraw(self, receipt: str) -> HttpResponse:
        form = desk.WithdrawForm(self.request.POST)
        if not form.is_valid():
            return self.show(receipt=receipt, withdraw_form=form, status=visits.UNPROCESSABLE)
        desk.withdraw(self.file, self.user, receipt, form.cleaned_data["reason"])
        messages.success(self.request, _("Application %s was withdrawn. It stays sealed.") % receipt)
        return redirect(self.request.path)

    def show(
        self,
        *,
        receipt: str = "",
        reached: dict[str, str] | None = None,
        told_form: desk.ToldForm | None = None,
        withdraw_form: desk.WithdrawForm | None = None,
        status: int = 200,
    ) -> HttpResponse:
        to_tell = {proposal.pk for proposal in desk.to_tell(self.file)}
        rows = []
        for proposal in desk.entered(self.file):
            asked = proposal.receipt_number == receipt
            prefix = f"row-{proposal.pk}"
            rows.append(
                {
                    "proposal": proposal,
                    "to_tell": proposal.pk in to_tell,
                    "is_own": proposal.entered_by_id == self.user.pk,
                    "reached": reached if asked else None,
                    "told": (told_form if asked and told_form else desk.ToldForm(auto_id=f"{prefix}-%s")),
                    "withdraw": (
                        withdraw_form
                        if asked and withdraw_form
                        else desk.WithdrawForm(auto_id=f"{prefix}-%s")
                    ),
                }
            )
        context = self.get_context_data(
            rows=rows, posting=self.file.current_posting, is_open=self.file.is_open()
        )
        response = self.render_to_response(context, status=status)
        add_never_cache_headers(response)
        return response
