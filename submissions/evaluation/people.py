"""Who may evaluate a file, and who may sign it off. Reads only; ``services`` records what is refused.

Who can see the names of suppliers evaluates nothing: the two are different people on every file (DESIGN rule 8).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib.auth import get_user_model
from django.db.models import Q
from django.utils.translation import gettext as _
from wagtail.models import ModelLogEntry, PageLogEntry

from microacq_pages import approvals, pairs
from submissions.proposals import entering, reading

from . import states
from .aids import AnsweredForSupplier
from .models import Assignment, Round

if TYPE_CHECKING:
    from submissions.solicitations.models import Solicitation
    from submissions.solicitations.services import Actor

_BACKEND = "django.contrib.auth.backends.ModelBackend"


def eligible() -> list[Any]:
    """Everyone who may be named an evaluator: they evaluate, and cannot see who applied."""
    people = get_user_model()._default_manager
    evaluators = people.with_perm(states.EVALUATE, backend=_BACKEND, include_superusers=False)
    knowing = people.with_perm(reading.IDENTIFY_PERMISSION, backend=_BACKEND)
    return list(
        evaluators.filter(is_active=True)
        .exclude(pk__in=knowing.values("pk"))
        .order_by("last_name", "first_name", "username")
    )


def reasons_against_evaluating(file: Solicitation, person: Actor) -> list[str]:
    """Why a person may not evaluate a file, at whatever moment it is asked; empty when they may."""
    reasons = []
    if not person.is_active or not person.has_perm(states.EVALUATE):
        reasons.append(_("This person does not evaluate applications."))
    if person.has_perm(reading.IDENTIFY_PERMISSION):
        reasons.append(_("This person can see who sent an application, so they evaluate none."))
    return reasons


def reasons_against_naming(file: Solicitation, round: Round | None, person: Any) -> list[str]:
    """Why a person cannot be named an evaluator of a file now; empty when they can."""
    reasons = reasons_against_evaluating(file, person)
    if entering.has_entered(person, file):
        reasons.append(_("This person entered an application to this file."))
    if AnsweredForSupplier.objects.filter(
        entered_by=person, clarification__candidate__round__solicitation=file
    ).exists():
        reasons.append(_("This person has spoken with a supplier of this file."))
    if _has_read(file, person):
        reasons.append(_("This person has read applications to this file with the names."))
    if round is not None and Assignment.objects.filter(round=round, evaluator=person).exists():
        reasons.append(_("This person was named for this evaluation before."))
    return reasons


def _has_read(file: Solicitation, person: Any) -> bool:
    keys = [str(key) for key in file.proposals.values_list("pk", flat=True)]
    one_by_one = Q(action="proposal.read", content_type__model="proposal", object_id__in=keys)
    # The whole file holds them all.
    all_at_once = Q(action="records.downloaded", content_type__model="solicitation", object_id=str(file.pk))
    return ModelLogEntry.objects.filter(
        one_by_one | all_at_once, user_id=person.pk, content_type__app_label="submissions"
    ).exists()


def reasons_against_signing(file: Solicitation, round: Round, person: Actor | None) -> list[str]:
    """Why a person may not sign an evaluation off or send it back; empty when they may."""
    if person is None or person.pk is None:
        return [_("A person signs an evaluation off.")]
    if Assignment.objects.filter(round=round, evaluator_id=person.pk).exists():
        return [_("You are or were an evaluator of this file: another person signs off.")]
    if person.pk in authors_of(file):
        return [_("You wrote this opportunity: another person signs off.")]
    return []


def authors_of(file: Solicitation) -> set[int]:
    """Keys of those who wrote the opportunity, in its own language, at any time."""
    authors: set[int] = {file.client_id} if file.client_id else set()
    page = file.page("en")
    if page is None:
        return authors
    source = pairs.source_of(page)
    if source.owner_id:
        authors.add(source.owner_id)
    written = PageLogEntry.objects.filter(page_id=source.pk, action__in=approvals.WRITING)
    authors.update(written.exclude(user=None).values_list("user_id", flat=True))
    return authors


def is_evaluator(round: Round, person: Actor) -> bool:
    """Whether a person was named in a round, whatever became of it."""
    return Assignment.objects.filter(round=round, evaluator_id=person.pk).exists()
