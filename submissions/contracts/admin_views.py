"""The staff’s screens of the work, below its file: the story, and what one side says to the other.

Owns ``ContractView``, what the screens of a contract share. Thin: ``talking`` and ``delivering`` decide each time.
"""

from __future__ import annotations

import uuid
from typing import Any, cast

from django import forms
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.cache import add_never_cache_headers
from django.utils.translation import get_language, gettext_lazy, pgettext
from django.utils.translation import gettext as _
from django.views.generic import View

from microacq_pages.formats import labelled
from submissions.awards.forms import YES, NothingForm
from submissions.proposals import custody
from submissions.solicitations.act_views import FileActView
from submissions.solicitations.models import Solicitation
from submissions.solicitations.panels import money, when
from submissions.solicitations.permissions import SolicitationPermissionPolicy
from submissions.solicitations.views import visible_file

from . import acts, delivering, desk, letters, services, standing, states, story, talking
from .enums import Side
from .forms import AnswerForm, DisputeForm, ExtensionForm, MessageForm, SettleForm
from .models import Contract
from .work_models import Evidence


class ContractView(FileActView):
    """A screen of one contract."""

    template_name = "submissions/contracts/admin/act.html"
    form_class: type[forms.Form] = NothingForm
    header_icon = "doc-full-inverse"
    #: Whether the act that was done is one that the supplier is told of.
    tells_supplier = True
    contract: Contract

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        self.contract = get_object_or_404(standing.read(Contract.objects.all()), pk=kwargs["pk"])
        self.file = self.contract.solicitation
        visible_file(SolicitationPermissionPolicy(Solicitation), request.user, self.file.pk)
        if not self.is_allowed(cast(User, request.user)):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def is_allowed(self, user: User) -> bool:
        """Whether this person reaches the screen at all; the services ask again at the act."""
        return services.acts_for_client(user, self.file)

    @property
    def work_url(self) -> str:
        """The story, which a person comes back to; who decides about the file alone comes back to the file."""
        if services.may_see(self.user, self.contract):
            return reverse("contracts:work", args=[self.contract.pk])
        return self.file_url

    @property
    def back_url(self) -> str:
        return self.work_url

    def get_initial(self) -> dict[str, Any]:
        return {"key": uuid.uuid4()}

    def sentences(self) -> list[str]:
        """What the person reads before deciding."""
        return []

    def quoted(self) -> list[tuple[str, str, str]]:
        """What somebody wrote, each with its label and its language."""
        return []

    def said(self) -> str:
        """What was done; where the supplier is to know and has no e-mail, that a person tells them."""
        if not self.tells_supplier or letters.has_mail(self.contract):
            return super().said()
        told = _("recorded. This supplier gave no e-mail address: tell them by telephone or by post.")
        return labelled(self.file.number, told, get_language())

    def own_breadcrumbs(self) -> list[dict[str, Any]]:
        return [{"url": self.work_url, "label": _("The work")}, *super().own_breadcrumbs()]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return {
            **super().get_context_data(**kwargs),
            "contract": self.contract,
            "sentences": self.sentences(),
            "quoted": self.quoted(),
        }


class WorkView(ContractView):
    """Everything that was said and done, what comes next, and a message to the supplier."""

    template_name = "submissions/contracts/admin/work.html"
    page_title = gettext_lazy("The work")
    form_class = MessageForm
    button = gettext_lazy("Send the message")
    done = gettext_lazy("the message was sent.")

    def is_allowed(self, user: User) -> bool:
        return services.may_see(user, self.contract)

    def get_initial(self) -> dict[str, Any]:
        return {"key": uuid.uuid4(), "kind": "message"}

    def act(self, form: Any) -> None:
        typed = form.cleaned_data
        talking.write(
            self.contract,
            typed["words"],
            key=typed["key"],
            language=letters.language_of_supplier(self.contract),
            user=self.user,
            kind=typed["kind"],
        )

    def own_breadcrumbs(self) -> list[dict[str, Any]]:
        return [{"url": "", "label": self.get_page_title()}]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        contract = self.contract
        where = standing.of(contract)
        return super().get_context_data(**kwargs) | {
            "standing": where,
            "entries": story.of(contract, for_staff=True),
            "facts": [
                (_("Supplier"), contract.supplier),
                (_("State"), contract.get_state_display()),
                (_("Price before tax"), money(contract.price)),
                (_("Began"), when(contract.started_at)),
                (_("Delivery date"), when(contract.delivery_date)),
                (_("Deliveries"), f"{where.round} / {contract.rounds}"),
            ],
            "repository": contract.repository,
            "acts": acts.acts_of(contract, where.step, self.user),
            "writes": services.acts_for_client(self.user, self.file),
            "has_mail": letters.has_mail(contract),
            "letters_language": language_name(contract),
        }


def language_name(contract: Contract) -> str:
    """The language in which the supplier is written to, in words."""
    names = {"en": pgettext("in a sentence", "English"), "fr": pgettext("in a sentence", "French")}
    return names[letters.language_of_supplier(contract)]


class ExtensionView(ContractView):
    """Ask the supplier for a later delivery date."""

    page_title = gettext_lazy("Ask for a later delivery date")
    form_class = ExtensionForm
    button = gettext_lazy("Ask for this date")
    done = gettext_lazy("the supplier is asked.")

    def obstacles(self) -> list[str]:
        return talking.reasons_against_asking(self.contract)

    def sentences(self) -> list[str]:
        return [
            _("The delivery date is %(date)s. It moves only if the supplier agrees.")
            % {"date": when(self.contract.delivery_date)},
            written_in(self.contract),
        ]

    def act(self, form: Any) -> None:
        typed = form.cleaned_data
        talking.ask_for_extension(
            self.contract,
            typed["until"],
            typed["reason"],
            key=typed["key"],
            language=letters.language_of_supplier(self.contract),
            user=self.user,
        )


def written_in(contract: Contract) -> str:
    return _("Letters to this supplier are written in this language: %(language)s.") % {
        "language": language_name(contract)
    }


class AnswerExtensionView(ContractView):
    """Agree to the later date that the supplier asks for, or say why not."""

    page_title = gettext_lazy("Answer about the later delivery date")
    form_class = AnswerForm
    button = gettext_lazy("Send the answer")
    done = gettext_lazy("the supplier is told.")

    def obstacles(self) -> list[str]:
        waiting = talking.open_extension(self.contract)
        if waiting is None or waiting.side != Side.SUPPLIER:
            return [_("No later date waits for an answer.")]
        return [desk.not_the_one_who_entered()] if desk.has_entered(self.user, waiting) else []

    def sentences(self) -> list[str]:
        waiting = talking.open_extension(self.contract)
        if waiting is None:
            return []
        asked = _("The supplier asks for delivery by %(until)s instead of %(before)s.")
        return [
            asked % {"until": when(waiting.until), "before": when(waiting.before)},
            written_in(self.contract),
        ]

    def quoted(self) -> list[tuple[str, str, str]]:
        waiting = talking.open_extension(self.contract)
        return [(_("Reason"), waiting.reason, waiting.language)] if waiting is not None else []

    def act(self, form: Any) -> None:
        waiting = talking.open_extension(self.contract)
        if waiting is None:
            raise forms.ValidationError(_("Somebody has answered this meanwhile."))
        talking.answer_extension(
            waiting,
            agreed=form.cleaned_data["agreed"] == YES,
            reason=form.cleaned_data["reason"],
            language=letters.language_of_supplier(self.contract),
            user=self.user,
        )


class DisputeView(ContractView):
    """Say that the department does not agree with the supplier."""

    page_title = gettext_lazy("Raise a dispute")
    form_class = DisputeForm
    button = gettext_lazy("Raise a dispute")
    done = gettext_lazy("somebody who is no part of it settles it.")

    def obstacles(self) -> list[str]:
        return talking.reasons_against_disputing(self.contract)

    def sentences(self) -> list[str]:
        return [_("The supplier reads what you write."), written_in(self.contract)]

    def act(self, form: Any) -> None:
        typed = form.cleaned_data
        language = letters.language_of_supplier(self.contract)
        talking.dispute(self.contract, typed["words"], key=typed["key"], language=language, user=self.user)


class SettleView(ContractView):
    """Settle a dispute in writing."""

    page_title = gettext_lazy("Settle the dispute")
    form_class = SettleForm
    button = gettext_lazy("Settle the dispute")
    done = gettext_lazy("settled; both sides are written to.")

    def is_allowed(self, user: User) -> bool:
        return user.has_perm(states.SETTLE)

    def obstacles(self) -> list[str]:
        raised = talking.open_dispute(self.contract)
        if raised is None:
            return [_("No dispute waits.")]
        return talking.reasons_against_settling(raised, self.user)

    def sentences(self) -> list[str]:
        return [written_in(self.contract)]

    def quoted(self) -> list[tuple[str, str, str]]:
        raised = talking.open_dispute(self.contract)
        return [(str(Side(raised.side).label), raised.words, raised.language)] if raised is not None else []

    def act(self, form: Any) -> None:
        raised = talking.open_dispute(self.contract)
        if raised is None:
            raise forms.ValidationError(_("Somebody has decided this meanwhile."))
        talking.settle(
            raised,
            self.user,
            form.cleaned_data["words"],
            language=letters.language_of_supplier(self.contract),
        )


class EvidenceView(View):
    """A file of results, as a download and nothing else."""

    http_method_names = ("get",)

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The file; reading it is recorded."""
        rows = Evidence.objects.select_related("delivery__contract__solicitation").exclude(size=0)
        rows = rows.exclude(name=custody.ERASED)
        found = get_object_or_404(rows.select_related("delivery__contract__offer__proposal"), pk=pk)
        file = found.delivery.contract.solicitation
        visible_file(SolicitationPermissionPolicy(Solicitation), request.user, file.pk)
        content = delivering.read_evidence(found, cast(User, request.user))
        # Never as the type that was sent: a browser shows nothing of it.
        response = HttpResponse(content, content_type="application/octet-stream")
        name = f"{file.number}-{found.delivery.round}-{found.check_kind}.{found.name.rpartition('.')[2]}"
        response["Content-Disposition"] = f'attachment; filename="{name}"'
        response["X-Content-Type-Options"] = "nosniff"
        response["Content-Security-Policy"] = "default-src 'none'; sandbox"
        add_never_cache_headers(response)
        return response
