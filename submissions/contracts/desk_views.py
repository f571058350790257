"""The staff’s screens for a supplier without e-mail after the award: how to reach them, and each act to enter.

Thin: ``desk`` and the services of the supplier’s own link decide at every request. Nothing typed is lost.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from typing import Any

from django import forms
from django.contrib.auth.models import User
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from submissions.awards.forms import YES
from submissions.solicitations.act_views import UNPROCESSABLE
from submissions.solicitations.panels import money, when

from . import delivering, desk, ending, letters, posted, results, standing, talking
from .admin_views import ContractView, language_name, written_in
from .desk_forms import (
    AnswerForForm,
    DeliveryForForm,
    DisputeForForm,
    EnteredForm,
    ExtensionForForm,
    MessageForForm,
    WithdrawForForm,
)
from .enums import ContractState, EndKind, Side
from .models import Contract, EndProposal, Extension


class ForSupplierView(ContractView):
    """A screen for those who may enter what the supplier of a contract says. None is kept in any cache."""

    tells_supplier = False

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        response = super().dispatch(request, *args, **kwargs)
        add_never_cache_headers(response)
        return response

    def is_allowed(self, user: User) -> bool:
        return desk.may_enter(user, self.contract)

    @property
    def desk_url(self) -> str:
        return reverse("contracts:desk", args=[self.contract.pk])

    def own_breadcrumbs(self) -> list[dict[str, Any]]:
        return [
            {"url": self.work_url, "label": _("The work")},
            {"url": self.desk_url, "label": DeskView.page_title},
            {"url": "", "label": self.get_page_title()},
        ]


class DeskView(ForSupplierView):
    """How to reach the supplier, what it is asked now, and what can be entered."""

    template_name = "submissions/contracts/admin/desk.html"
    page_title = gettext_lazy("Speak with the supplier")
    button = done = ""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Show how to reach the supplier; the answer stands in no address."""
        if request.POST.get("act") != "reach":
            return self.render_to_response(self.get_context_data(), status=UNPROCESSABLE)
        return self.render_to_response(
            self.get_context_data(reached=desk.reach(self.contract, self.user), looked=True)
        )

    def own_breadcrumbs(self) -> list[dict[str, Any]]:
        return [*super().own_breadcrumbs()[:1], {"url": "", "label": self.get_page_title()}]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {
            "standing": standing.of(self.contract),
            "ways": list(self._ways()),
            "letters_language": language_name(self.contract),
            "has_mail": letters.has_mail(self.contract),
        }

    def _ways(self) -> Iterator[tuple[str, str, bool]]:
        """Address, label and whether the contract waits for it, of each act that can be entered now."""
        where = standing.of(self.contract)
        for name, view in SCREENS.items():
            screen: Any = view()
            screen.contract, screen.request = self.contract, self.request
            if not screen.obstacles():
                url = reverse(f"contracts:desk_{name}", args=[self.contract.pk])
                yield url, str(view.page_title), where.step in view.steps
        # Payment is a later part of this stage: its rows are reached by name.
        if results.owed(self.contract) and not self.contract.invoices.filter(returned=None).exists():
            yield (
                reverse("payments:enter", args=[self.contract.pk]),
                _("Enter the invoice for the supplier"),
                True,
            )


class EntryView(ForSupplierView):
    """One act of the supplier."""

    form_class: type[EnteredForm]
    done = gettext_lazy("kept, with how it came.")
    #: What the contract waits for, where it waits for this.
    steps: frozenset[standing.Step] = frozenset()

    def carry_out(self, contract: Contract, typed: dict[str, Any]) -> models.Model:
        """Do as the supplier’s own link does, in the language of the supplier’s letters."""
        raise NotImplementedError

    @property
    def answers(self) -> Extension | EndProposal | None:
        """What the department asked or proposed, where this is the answer."""
        return None

    @property
    def language(self) -> str:
        return letters.language_of_supplier(self.contract)

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"contract": self.contract}

    def sentences(self) -> list[str]:
        return [
            written_in(self.contract),
            _("Write what the supplier said in the supplier’s own words, and in this language."),
        ]

    def act(self, form: Any) -> None:
        desk.enter(
            self.contract,
            self.user,
            form.came(),
            lambda locked: self.carry_out(locked, form.cleaned_data),
            answers=self.answers,
        )


class MessageView(EntryView):
    """What the supplier said about the work."""

    page_title = gettext_lazy("Enter a message of the supplier")
    form_class = MessageForForm
    button = gettext_lazy("Keep the message")

    def get_initial(self) -> dict[str, Any]:
        return {"key": uuid.uuid4(), "kind": "message"}

    def carry_out(self, contract: Contract, typed: dict[str, Any]) -> models.Model:
        return talking.write(
            contract, typed["words"], key=typed["key"], language=self.language, kind=typed["kind"]
        )


class DeliverView(EntryView):
    """What the supplier delivers."""

    template_name = "submissions/contracts/admin/desk_deliver.html"
    page_title = gettext_lazy("Enter a delivery of the supplier")
    form_class = DeliveryForForm
    button = gettext_lazy("Keep the delivery")
    steps = frozenset({standing.Step.DELIVER})

    def obstacles(self) -> list[str]:
        # The reasons themselves speak to the supplier.
        stands = delivering.reasons_against_delivering(self.contract)
        return [standing.of(self.contract).sentence] if stands else []

    def sentences(self) -> list[str]:
        return [
            *super().sentences(),
            _("What is kept cannot be changed. Another person than you judges it, and another one concurs."),
        ]

    def get_initial(self) -> dict[str, Any]:
        return super().get_initial() | delivering.initial_of(self.contract)

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {
            "items": self.file.current_posting.items.all(),
            "licence": self.file.licence,
            "language": self.language,
        }

    def act(self, form: Any) -> None:
        if sentences := self.obstacles():
            raise forms.ValidationError(sentences)
        desk.enter(
            self.contract,
            self.user,
            form.came(),
            lambda locked: delivering.deliver(locked, form.delivered()),
        )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {
            "language": self.language,
            "form_page": posted.form_page(self.language),
            "had_files": self.request.method == "POST" and bool(self.request.FILES),
        }


class AskExtensionView(EntryView):
    """The later date that the supplier asks for."""

    page_title = gettext_lazy("Enter that the supplier asks for a later date")
    form_class = ExtensionForForm
    button = gettext_lazy("Keep what the supplier asks")

    def obstacles(self) -> list[str]:
        return talking.reasons_against_asking(self.contract)

    def sentences(self) -> list[str]:
        return [
            _("The delivery date is %(date)s. It moves only if the department agrees.")
            % {"date": when(self.contract.delivery_date)},
            _("Another person than you answers for the department."),
            *super().sentences(),
        ]

    def carry_out(self, contract: Contract, typed: dict[str, Any]) -> models.Model:
        return talking.ask_for_extension(
            contract, typed["until"], typed["reason"], key=typed["key"], language=self.language
        )


class AnswerView(EntryView):
    """What the supplier answers to something that the department asked or proposed."""

    form_class = AnswerForForm
    button = gettext_lazy("Keep the answer")
    #: The service that answers it.
    answering: Callable[..., models.Model]

    def quoted(self) -> list[tuple[str, str, str]]:
        waiting = self.answers
        return [(_("Reason"), waiting.reason, waiting.language)] if waiting is not None else []

    def carry_out(self, contract: Contract, typed: dict[str, Any]) -> models.Model:
        waiting = self.answers
        if waiting is None:
            raise forms.ValidationError(_("Somebody has answered this meanwhile."))
        return type(self).answering(
            waiting, agreed=typed["agreed"] == YES, reason=typed["reason"], language=self.language
        )


class AnswerDateView(AnswerView):
    """What the supplier answers to a later date that the department asks for."""

    page_title = gettext_lazy("Enter the supplier’s answer about the later date")
    steps = frozenset({standing.Step.ANSWER_DEPARTMENT})
    answering = staticmethod(talking.answer_extension)

    @property
    def answers(self) -> Extension | None:
        waiting = talking.open_extension(self.contract)
        return waiting if waiting is not None and waiting.side == Side.DEPARTMENT else None

    def obstacles(self) -> list[str]:
        if self.answers is None or self.contract.state != ContractState.UNDER_WAY:
            return [_("No later date waits for an answer.")]
        return desk.reasons_against_answering(self.answers, self.user)

    def sentences(self) -> list[str]:
        waiting = self.answers
        asked = _("The department asks for delivery by %(until)s instead of %(before)s.")
        told = [asked % {"until": when(waiting.until), "before": when(waiting.before)}] if waiting else []
        return [*told, *super().sentences()]


class RaiseDisputeView(EntryView):
    """What the supplier does not agree with."""

    page_title = gettext_lazy("Enter a dispute that the supplier raises")
    form_class = DisputeForForm
    button = gettext_lazy("Keep the dispute")

    def obstacles(self) -> list[str]:
        return talking.reasons_against_disputing(self.contract)

    def sentences(self) -> list[str]:
        return [_("Another person than you settles it."), *super().sentences()]

    def carry_out(self, contract: Contract, typed: dict[str, Any]) -> models.Model:
        return talking.dispute(contract, typed["words"], key=typed["key"], language=self.language)


class AnswerEndView(AnswerView):
    """What the supplier answers to an end for convenience with its share."""

    page_title = gettext_lazy("Enter the supplier’s answer about the end of the contract")
    steps = frozenset({standing.Step.ANSWER_END})
    answering = staticmethod(ending.answer)

    @property
    def answers(self) -> EndProposal | None:
        waiting = ending.open_proposal(self.contract)
        return waiting if waiting is not None and waiting.kind == EndKind.CONVENIENCE else None

    def obstacles(self) -> list[str]:
        waiting = self.answers
        if waiting is None:
            return [_("No proposal waits for the supplier’s answer.")]
        return ending.reasons_against_answering(waiting, None) or desk.reasons_against_answering(
            waiting, self.user
        )

    def sentences(self) -> list[str]:
        waiting = self.answers
        if waiting is None:
            return super().sentences()
        amount = money(self.contract.price * waiting.percentage / 100)
        told = _(
            "The department would pay %(percentage)s percent of the price for what is complete: %(amount)s, before "
            "tax. If the supplier agrees, the contract ends at once."
        )
        return [told % {"percentage": waiting.percentage, "amount": amount}, *super().sentences()]


class WithdrawView(EntryView):
    """That the supplier does not do the work."""

    page_title = gettext_lazy("Enter that the supplier withdraws")
    form_class = WithdrawForForm
    button = gettext_lazy("Keep that the supplier withdrew")

    def obstacles(self) -> list[str]:
        if self.contract.state == ContractState.UNDER_WAY:
            return []
        return [_("The work is not under way.")]

    def sentences(self) -> list[str]:
        return [
            _("If more time is needed, the supplier can ask for a later delivery date instead."),
            *super().sentences(),
        ]

    def carry_out(self, contract: Contract, typed: dict[str, Any]) -> models.Model:
        return ending.withdraw(contract, typed["reason"], language=self.language)


#: Below ``desk/``, in the order in which a contract asks for them.
SCREENS: dict[str, type[EntryView]] = {
    "deliver": DeliverView,
    "answer_date": AnswerDateView,
    "answer_end": AnswerEndView,
    "message": MessageView,
    "ask_date": AskExtensionView,
    "dispute": RaiseDisputeView,
    "withdraw": WithdrawView,
}
