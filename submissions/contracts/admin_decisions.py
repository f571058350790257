"""The staff’s screens by which a delivery is judged and a contract ends.

Thin: ``judging`` and ``ending`` decide at every request.
"""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth.models import User
from django.http import HttpRequest
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from microacq_pages.formats import known_language
from submissions.awards import states as award_states
from submissions.awards.forms import YES
from submissions.solicitations import states as file_states
from submissions.solicitations.panels import when
from submissions.solicitations.services import obstacles

from . import ending, judging, letters, standing, states, story
from .admin_views import ContractView, written_in
from .enums import EndKind
from .forms import AnswerForm, EndForm, JudgeForm, PassOnForm
from .models import Contract
from .work_models import Delivery


def told_of_last_round(contract: Contract) -> dict[str, Any]:
    """The story with the last round open: whoever judges reads what was delivered without a further step."""
    entries = story.of(contract, for_staff=True)
    return {"entries": entries, "open_round": max((entry.round for entry in entries), default=0)}


class JudgeView(ContractView):
    """What was delivered, and a verdict with its reason for each criterion."""

    template_name = "submissions/contracts/admin/judge.html"
    page_title = gettext_lazy("Judge what was delivered")
    form_class = JudgeForm
    button = gettext_lazy("Hand the judgement to IT Strategy")
    done = gettext_lazy("IT Strategy says next whether it concurs.")
    tells_supplier = False
    delivery: Delivery | None

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        rows = Delivery.objects.filter(contract=kwargs["pk"]).select_related("contract__solicitation")
        self.delivery = rows.order_by("-round").first()

    def get_initial(self) -> dict[str, Any]:
        """Where IT Strategy did not concur, what was judged before: the client changes what is to be changed."""
        return {**super().get_initial(), **(judging.judged_before(self.delivery) if self.delivery else {})}

    def obstacles(self) -> list[str]:
        if self.delivery is None:
            return [_("Nothing was delivered yet.")]
        return judging.reasons_against_judging(self.delivery, self.user)

    def sentences(self) -> list[str]:
        return [
            _(
                "The work is accepted when it meets every criterion and another person of IT Strategy concurs."
            ),
            written_in(self.contract),
        ]

    def quoted(self) -> list[tuple[str, str, str]]:
        """Why IT Strategy did not concur with the judgement before."""
        last = judging.last_of(self.delivery) if self.delivery is not None else None
        given = getattr(last, "concurrence", None)
        if given is None or given.agreed:
            return []
        return [(_("IT Strategy does not concur: judged again"), given.reason, given.language)]

    def get_form_kwargs(self) -> dict[str, Any]:
        delivery = self.delivery
        return super().get_form_kwargs() | {
            "criteria": judging.criteria_of(delivery) if delivery is not None else [],
            "is_last": delivery is not None and judging.is_last_round(delivery),
            "commit": delivery.commit if delivery is not None else "",
        }

    def act(self, form: Any) -> None:
        if self.delivery is None:
            raise forms.ValidationError(_("Nothing was delivered yet."))
        judging.judge(self.delivery, self.user, form.given(), form.outcome())

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | told_of_last_round(self.contract)


class ConcurView(ContractView):
    """What the client judged, and whether one concurs."""

    template_name = "submissions/contracts/admin/judge.html"
    page_title = gettext_lazy("Concur with the judgement, or not")
    form_class = AnswerForm
    button = gettext_lazy("Record")
    done = gettext_lazy("recorded; whoever has to know is written to.")

    def is_allowed(self, user: User) -> bool:
        return user.has_perm(states.CONCUR)

    def obstacles(self) -> list[str]:
        judgement = judging.waiting_judgement(self.contract)
        if judgement is None:
            return [_("No judgement waits.")]
        return judging.reasons_against_concurring(judgement, self.user)

    def sentences(self) -> list[str]:
        judgement = judging.waiting_judgement(self.contract)
        if judgement is None:
            return []
        if judgement.passed:
            return [
                _(
                    "The client found every criterion met. If you agree, the work is accepted and is to be paid."
                ),
            ]
        return [
            _(
                "The client found that not every criterion is met. If you agree, the supplier is told what to mend."
            )
        ]

    def act(self, form: Any) -> None:
        judgement = judging.waiting_judgement(self.contract)
        if judgement is None:
            raise forms.ValidationError(_("Somebody has decided this meanwhile."))
        typed = form.cleaned_data
        # What is judged again, and a default that nobody confirmed, are no business of the supplier.
        self.tells_supplier = typed["agreed"] == YES
        judging.concur(judgement, self.user, agreed=typed["agreed"] == YES, reason=typed["reason"])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | told_of_last_round(self.contract)


class EndView(ContractView):
    """Propose to end the contract, for default or for convenience."""

    page_title = gettext_lazy("Propose to end the contract")
    form_class = EndForm
    button = gettext_lazy("Propose")
    done = gettext_lazy("proposed.")

    def get_initial(self) -> dict[str, Any]:
        return super().get_initial() | {"percentage": ending.computed_share(self.contract)}

    def obstacles(self) -> list[str]:
        return ending.reasons_against_proposing(self.contract)

    def sentences(self) -> list[str]:
        where = standing.of(self.contract)
        return [
            _("Delivery is due by %(date)s. Deliveries: %(round)s of %(rounds)s.")
            % {"date": when(where.due), "round": where.round, "rounds": self.contract.rounds},
            _("For default nothing is paid, and another person of the department must confirm it."),
            _("For convenience the complete share is paid, and the supplier must agree to it."),
            written_in(self.contract),
        ]

    def act(self, form: Any) -> None:
        typed = form.cleaned_data
        self.tells_supplier = typed["kind"] == EndKind.CONVENIENCE
        ending.propose(
            self.contract,
            self.user,
            typed["kind"],
            typed["reason"],
            percentage=typed["percentage"] or 0,
            key=typed["key"],
            language=letters.language_of_supplier(self.contract),
        )


class ConfirmEndView(ContractView):
    """Confirm a default that somebody else proposed, or turn it down."""

    page_title = gettext_lazy("Decide about the termination for default")
    form_class = AnswerForm
    button = gettext_lazy("Record")
    done = gettext_lazy("recorded; whoever has to know is written to.")

    def is_allowed(self, user: User) -> bool:
        return user.has_perm(states.CONFIRM_END)

    def obstacles(self) -> list[str]:
        waiting = ending.open_proposal(self.contract)
        if waiting is None or waiting.kind != EndKind.DEFAULT:
            return [_("No termination for default waits.")]
        return ending.reasons_against_answering(waiting, self.user, agreed=False)

    def sentences(self) -> list[str]:
        where = standing.of(self.contract)
        return [
            _("Delivery is due by %(date)s. Deliveries: %(round)s of %(rounds)s.")
            % {"date": when(where.due), "round": where.round, "rounds": self.contract.rounds},
            ending.against_default_now(self.contract)
            or _(
                "If you agree, the contract ends at once, nothing is paid, and the supplier reads the reason."
            ),
        ]

    def quoted(self) -> list[tuple[str, str, str]]:
        waiting = ending.open_proposal(self.contract)
        return [(_("Reason"), waiting.reason, waiting.language)] if waiting is not None else []

    def act(self, form: Any) -> None:
        waiting = ending.open_proposal(self.contract)
        if waiting is None:
            raise forms.ValidationError(_("Somebody has decided this meanwhile."))
        typed = form.cleaned_data
        self.tells_supplier = typed["agreed"] == YES
        ending.answer(
            waiting,
            agreed=typed["agreed"] == YES,
            reason=typed["reason"],
            language=known_language(get_language()),
            user=self.user,
        )


class PassOnView(ContractView):
    """After the end of a contract: offer the work to the next in the drawn order."""

    page_title = gettext_lazy("Offer the work to the next in the order")
    form_class = PassOnForm
    button = gettext_lazy("Pass the work on")
    done = gettext_lazy("the next in the order can be asked.")
    tells_supplier = False

    def is_allowed(self, user: User) -> bool:
        return user.has_perm(award_states.OFFER)

    @property
    def done_url(self) -> str:
        return self.file_url

    def obstacles(self) -> list[str]:
        return ending.reasons_against_passing_on(self.file, self.user)

    def sentences(self) -> list[str]:
        return [
            _("The price stays as posted. The file shows what you have to know before you send the offer."),
        ]

    def act(self, form: Any) -> None:
        ending.pass_on(self.contract, self.user, form.cleaned_data["until"])


class EndFileView(ContractView):
    """After the end of a contract: end the file."""

    page_title = gettext_lazy("End the file without the work")
    button = gettext_lazy("End the file")
    done = gettext_lazy("ended. The opportunity can be posted again.")
    tells_supplier = False

    def is_allowed(self, user: User) -> bool:
        return user.has_perm(award_states.OFFER)

    @property
    def done_url(self) -> str:
        return self.file_url

    def obstacles(self) -> list[str]:
        return obstacles(file_states.END_CONTRACT, self.file, self.user)

    def sentences(self) -> list[str]:
        return [
            _(
                "The opportunity stays public and says that the contract ended. It can be posted again from its file."
            ),
        ]

    def act(self, form: Any) -> None:
        ending.end_file(self.contract, self.user)
