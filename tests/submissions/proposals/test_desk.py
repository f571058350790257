"""Suppliers without e-mail are told of amendments by staff, and what staff entered is withdrawn on their word."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.test import Client
from django.urls import reverse
from wagtail.models import ModelLogEntry
from wagtail.users.models import UserProfile

from microacq_pages import roles, waiting
from submissions.notices.models import OutgoingMessage
from submissions.proposals import entering
from submissions.proposals.desk_models import ToldOfAmendment, WithdrawnForSupplier
from submissions.proposals.enums import ProposalState
from submissions.proposals.hooks import ProposalsPanel
from submissions.proposals.models import Proposal
from submissions.solicitations.models import Posting
from tests.factories import people, proposals
from tests.submissions.proposals.test_entering import PHONE, screen, typed

pytestmark = pytest.mark.django_db


@pytest.fixture
def staff(user_in: Callable[..., Any]) -> Any:
    return user_in(roles.IT_STRATEGY)


@pytest.fixture
def desk(staff: Any) -> Client:
    client = Client()
    client.force_login(staff)
    return client


def enter(client: Client, file: Any, **changes: Any) -> Proposal:
    before = set(Proposal.objects.values_list("pk", flat=True))
    assert client.post(screen(file), typed(file, **changes)).status_code == 200
    return Proposal.objects.exclude(pk__in=before).get()


def amend(file: Any, number: int = 1) -> None:
    """The file as it stands after an amendment was published."""
    Posting.objects.create(
        solicitation=file,
        amendment=number,
        kind="amendment",
        summary_en="Another day of delivery.",
        summary_fr="Un autre jour de livraison.",
        digest=f"{number}" * 64,
        text=file.current_posting.text,
    )


def address(file: Any) -> str:
    return reverse("proposals:desk", args=[file.pk])


def act(client: Client, file: Any, name: str, proposal: Proposal, **more: Any) -> Any:
    return client.post(address(file), {"act": name, "receipt": proposal.receipt_number, **more})


def acts(name: str) -> list[Any]:
    return list(ModelLogEntry.objects.filter(action=name))


def test_who_has_no_mail_is_named_after_each_amendment_until_told(
    desk: Client, staff: Any, file: Any
) -> None:
    proposal = enter(desk, file)
    enter(desk, file, email="robin@example.org", telephone="")
    assert not [item for item in waiting.waiting_for(staff) if item.kind == "amendment-call"]
    amend(file)
    (item,) = [item for item in waiting.waiting_for(staff) if item.kind == "amendment-call"]
    assert proposal.receipt_number in item.title and item.url == address(file)
    assert ProposalsPanel(file, staff).get_context_data()["to_tell"] == 1

    shown = act(desk, file, "reach", proposal).content.decode()
    assert PHONE in shown
    assert PHONE not in desk.get(address(file)).content.decode()
    assert len(acts("proposal.reach_shown")) == 1

    assert act(desk, file, "told", proposal, amendment=0, how="telephone").status_code == 409
    assert act(desk, file, "told", proposal, amendment=1).status_code == 422
    assert act(desk, file, "told", proposal, amendment=1, how="telephone").status_code == 302
    told = ToldOfAmendment.objects.get()
    assert (told.proposal, told.told_by, told.posting.amendment) == (proposal, staff, 1)
    assert len(acts("proposal.told")) == 1
    assert not [item for item in waiting.waiting_for(staff) if item.kind == "amendment-call"]
    assert act(desk, file, "reach", proposal).status_code == 409, "nobody has to be reached any more"

    amend(file, 2)
    assert [item.kind for item in waiting.waiting_for(staff)].count("amendment-call") == 1


def test_queries_do_not_grow_with_those_to_tell(
    desk: Client, staff: Any, file: Any, django_assert_max_num_queries: Any
) -> None:
    from submissions.proposals import desk as rules

    for number in range(4):
        enter(desk, file, telephone=f"613 555-010{number}")
    amend(file)
    with django_assert_max_num_queries(3):
        assert len(list(rules.work_of(staff))) == 4


def test_who_entered_it_withdraws_it_for_a_reason_before_the_deadline(
    desk: Client, staff: Any, file: Any
) -> None:
    proposal = enter(desk, file, email="robin@example.org", telephone="")
    other = Client()
    other.force_login(people.make_user(roles.IT_STRATEGY, "another"))
    reason = "She telephoned today at two: another contract came first."
    assert act(other, file, "withdraw", proposal, reason=reason).status_code == 409
    empty = act(desk, file, "withdraw", proposal, reason="  ")
    assert empty.status_code == 422
    assert "Write what the supplier said" in empty.content.decode()
    proposal.refresh_from_db()
    assert proposal.state == ProposalState.SENT

    assert act(desk, file, "withdraw", proposal, reason=reason).status_code == 302
    proposal.refresh_from_db()
    assert proposal.state == ProposalState.WITHDRAWN
    kept = WithdrawnForSupplier.objects.get()
    assert (kept.proposal, kept.by, kept.reason) == (proposal, staff, reason)
    (entry,) = acts("proposal.withdrawn_for")
    assert reason not in str(entry.__dict__)
    assert OutgoingMessage.objects.filter(kind="proposal_withdrawn_for").count() == 1
    assert act(desk, file, "withdraw", proposal, reason=reason).status_code == 409
    assert enter(desk, file, email="robin@example.org", telephone="").state == ProposalState.SENT


def test_after_the_deadline_nothing_is_withdrawn_and_it_is_said(desk: Client, file: Any) -> None:
    proposal = enter(desk, file)
    proposals.set_deadline(file, after=timedelta(days=-1))
    answer = act(desk, file, "withdraw", proposal, reason="She telephoned.")
    assert answer.status_code == 410
    assert "the deadline has passed" in answer.content.decode()
    proposal.refresh_from_db()
    assert proposal.state == ProposalState.SENT


@pytest.mark.parametrize("role", [role for role in roles.ROLES if role != roles.IT_STRATEGY])
def test_nobody_else_sees_or_does_anything_here(desk: Client, file: Any, user_in: Any, role: str) -> None:
    proposal = enter(desk, file)
    amend(file)
    client = Client()
    client.force_login(user_in(role))
    answers = [
        client.get(address(file)),
        act(client, file, "reach", proposal),
        act(client, file, "told", proposal, amendment=1, how="post"),
        act(client, file, "withdraw", proposal, reason="No."),
    ]
    assert all(answer.status_code in (302, 403) and PHONE not in str(answer.content) for answer in answers)
    assert not ToldOfAmendment.objects.exists() and not WithdrawnForSupplier.objects.exists()


def test_who_told_a_supplier_does_not_evaluate_the_file(desk: Client, file: Any) -> None:
    proposal = enter(desk, file)
    amend(file)
    caller = people.make_user(roles.IT_STRATEGY, "caller")
    client = Client()
    client.force_login(caller)
    assert not entering.has_entered(caller, file)
    act(client, file, "told", proposal, amendment=1, how="post")
    assert entering.has_entered(caller, file)


def test_the_screen_says_the_same_in_french_and_names_its_fields(file: Any, desk: Client, staff: Any) -> None:
    enter(desk, file)
    amend(file)
    UserProfile.objects.create(user=staff, preferred_language="fr")
    soup = BeautifulSoup(desk.get(address(file)).content, "html.parser")
    assert "Le fournisseur a été informé" in soup.get_text()
    for field in soup.select("main select, main textarea"):
        assert soup.find("label", attrs={"for": field["id"]}), field


def test_odd_posts_are_answered(desk: Client, file: Any) -> None:
    proposal = enter(desk, file)
    assert act(desk, file, "explode", proposal).status_code == 422
    assert desk.post(address(file), {"act": "withdraw", "receipt": "x\x00", "reason": "r"}).status_code == 409
    amend(file)
    for amendment in ("²", "9" * 30, "-1", ""):
        assert act(desk, file, "told", proposal, amendment=amendment, how="post").status_code == 409


def test_the_database_keeps_what_was_done(desk: Client, file: Any, staff: Any) -> None:
    proposal = enter(desk, file)
    with pytest.raises(IntegrityError), transaction.atomic():
        WithdrawnForSupplier.objects.create(proposal=proposal, by=staff, reason="It was not.")
    with pytest.raises(IntegrityError), transaction.atomic():
        ToldOfAmendment.objects.create(
            proposal=proposal, posting=file.current_posting, told_by=staff, how="post"
        )
    act(desk, file, "withdraw", proposal, reason="She wrote.")
    for statement in (
        "UPDATE submissions_withdrawnforsupplier SET reason = 'x'",
        "DELETE FROM submissions_withdrawnforsupplier",
    ):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
