"""Staff enter an application for somebody who cannot use the form."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.contrib.auth.models import Permission
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from microacq_pages import roles
from submissions.audit.models import AuditEntry
from submissions.notices.models import OutgoingMessage
from submissions.proposals import custody, entering, opening, sealing, services
from submissions.proposals.enums import LinkKind
from submissions.proposals.models import MailedLink, OpenedProposal, Proposal
from submissions.proposals.sealing import CannotOpen, SupplierLink
from tests.factories import proposals

pytestmark = pytest.mark.django_db

PHONE = "613 555-0142"


@pytest.fixture
def staff(user_in: Callable[..., Any]) -> Any:
    return user_in(roles.IT_STRATEGY)


@pytest.fixture
def desk(staff: Any) -> Client:
    client = Client()
    client.force_login(staff)
    return client


def screen(file: Any) -> str:
    return reverse("proposals:enter", args=[file.pk])


def typed(file: Any, language: str = "en", **changes: Any) -> dict[str, Any]:
    """What a member of staff types who takes an application down by telephone."""
    moment = timezone.localtime(max(file.posted_at, timezone.now() - timedelta(minutes=1)))
    return {
        **proposals.answers(file, language),
        "email": "",
        "telephone": PHONE,
        "postal_address": "",
        "entered_how": "telephone",
        "taken_at": moment.strftime("%Y-%m-%d %H:%M:%S"),
        "written_in": language,
        "entry": str(uuid.uuid4()),
        **changes,
    }


def handed_link(response: Any) -> SupplierLink:
    found = re.search(r"/link/([a-z0-9]+)/", response.content.decode())
    assert found
    return SupplierLink.from_token(found.group(1))


# --- who, when -------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", [*roles.ROLES, None])
def test_only_who_has_the_permission_enters_and_an_attempt_is_recorded(
    file: Any, user_in: Any, role: str | None
) -> None:
    client = Client()
    client.force_login(user_in(role))
    allowed = role in (roles.IT_STRATEGY, None)
    page = client.get(screen(file))
    assert (page.status_code == 200) is allowed
    client.post(screen(file), typed(file))
    assert Proposal.objects.count() == (1 if allowed else 0)
    connection.check_constraints()
    refusals = AuditEntry.objects.filter(action="proposal.entry_refused").count()
    assert refusals == (0 if allowed else 2)


def test_a_visitor_is_led_to_the_sign_in(client: Client, file: Any) -> None:
    assert client.get(screen(file)).status_code == 302
    client.post(screen(file), typed(file))
    assert Proposal.objects.count() == 0


def test_nothing_is_entered_at_the_deadline_and_what_was_typed_is_shown(desk: Client, file: Any) -> None:
    data = typed(file)
    proposals.set_deadline(file)
    answer = desk.post(screen(file), data)
    assert answer.status_code == 410
    assert "keyboard-accessible date picker" in answer.content.decode()
    assert desk.get(screen(file)).status_code == 410
    assert Proposal.objects.count() == 0


def test_the_database_refuses_an_entry_that_says_half_of_how_it_came(file: Any, staff: Any) -> None:
    proposals.send(file)
    copy = Proposal.objects.get()
    copy.pk, copy.receipt_number = None, "R-2222-2222"
    copy.link_digest, copy.address_digest = "f" * 64, "f" * 64
    copy.entered_by = staff
    with pytest.raises(IntegrityError) as error, transaction.atomic():
        copy.save(force_insert=True)
    assert error.value.__cause__.diag.constraint_name == "proposal_entered_whole_or_not"


# --- what it becomes -------------------------------------------------------------------------------


def test_an_entry_is_sealed_marked_and_recorded(desk: Client, staff: Any, file: Any) -> None:
    answer = desk.post(screen(file), typed(file))
    assert answer.status_code == 200
    proposal = Proposal.objects.get()
    assert (proposal.entered_by, proposal.entered_how, proposal.state) == (staff, "telephone", "sent")
    assert proposal.taken_at is not None
    assert proposal.taken_at <= proposal.arrived_at
    assert bytes(proposal.sealed).startswith(b"age-encryption.org/v1")
    assert proposal.reach()["telephone"] == PHONE
    assert PHONE not in proposal.contact
    assert OutgoingMessage.objects.count() == 0
    connection.check_constraints()
    entry = AuditEntry.objects.get(action="proposal.entered")
    assert '"how": "telephone"' in entry.payload
    told = " ".join(AuditEntry.objects.values_list("payload", flat=True))
    assert "555-0142" not in told and "5550142" not in told
    with pytest.raises(DatabaseError), transaction.atomic():
        Proposal.objects.update(entered_how="paper")


def test_the_receipt_says_all_in_the_suppliers_language_and_the_link_cannot_read(
    desk: Client, file: Any
) -> None:
    answer = desk.post(screen(file), typed(file, "fr", correspondence_language="fr"))
    content = answer.content.decode()
    proposal = Proposal.objects.get()
    assert proposal.receipt_number in content
    assert "no-store" in answer["Cache-Control"]
    receipt = BeautifulSoup(content, "html.parser").find("article", lang="fr")
    assert receipt is not None
    assert "heure de l’Est" in receipt.text
    link = handed_link(answer)
    assert MailedLink.objects.get().kind == LinkKind.RECOVER
    with pytest.raises(CannotOpen):
        services.what_was_sent(proposal, link)
    page = Client().get(f"/fr/presenter-une-demande/link/{link.token}/")
    assert page.status_code == 200
    assert "date picker" not in page.content.decode().replace("Accessible date picker", "")


def test_nothing_of_what_was_typed_comes_back_to_the_desk(desk: Client, file: Any) -> None:
    answer = desk.post(screen(file), typed(file))
    for secret in ("Camille", PHONE, "I built a keyboard-accessible"):
        assert secret not in answer.content.decode()
    listing = desk.get(reverse("proposals:list", args=[file.pk])).content.decode()
    assert "sealed" in listing
    read = reverse("proposals:read", args=[file.pk, Proposal.objects.get().receipt_number])
    assert desk.get(read).status_code == 403


def test_with_an_e_mail_the_link_is_mailed_and_not_shown(desk: Client, file: Any) -> None:
    answer = desk.post(screen(file), typed(file, email="robin@example.org", telephone=""))
    assert "/link/" not in answer.content.decode()
    assert OutgoingMessage.objects.get().kind == "proposal_receipt"
    assert Proposal.objects.get().address == "robin@example.org"
    assert MailedLink.objects.count() == 0


def test_with_an_e_mail_that_has_another_the_desk_sees_the_same(desk: Client, file: Any) -> None:
    pages = []
    for email in ("camille@example.org", "robin@example.org"):
        if not pages:
            proposals.send(file, email=email)
        answer = desk.post(screen(file), typed(file, email=email, telephone=""))
        text = BeautifulSoup(answer.content, "html.parser").find("main").text  # type: ignore[union-attr]
        pages.append(re.sub(r"R-[A-Z0-9-]{9}|[0-9a-f]{64}|\d{1,2}:\d{2}", "#", text))
    assert pages[0] == pages[1]
    assert list(Proposal.objects.order_by("pk").values_list("state", flat=True)) == [
        "sent",
        "waiting",
        "sent",
    ]


def test_sending_the_form_twice_enters_it_once_and_gives_another_link(desk: Client, file: Any) -> None:
    data = typed(file)
    first, second = desk.post(screen(file), data), desk.post(screen(file), data)
    assert Proposal.objects.count() == 1
    assert handed_link(first) != handed_link(second)
    assert AuditEntry.objects.filter(action="proposal.link_handed").count() in (0, 2)


def test_another_member_of_staff_gets_no_receipt_by_the_key(desk: Client, file: Any, user_in: Any) -> None:
    data = typed(file)
    desk.post(screen(file), data)
    other = Client()
    other.force_login(user_in(roles.IT_STRATEGY, "other"))
    assert "/link/" not in other.post(screen(file), data).content.decode()
    assert MailedLink.objects.count() == 1


def test_a_second_entry_for_one_number_replaces_the_first_only_when_told(desk: Client, file: Any) -> None:
    desk.post(screen(file), typed(file))
    answer = desk.post(screen(file), typed(file, telephone="(613) 555 0142", name="Camille T."))
    assert answer.status_code == 409
    assert 'name="replaces_entry"' in answer.content.decode()
    assert "Camille T." in answer.content.decode()
    again = typed(file, telephone="(613) 555 0142", name="Camille T.", replaces_entry="on")
    assert desk.post(screen(file), again).status_code == 200
    assert list(Proposal.objects.order_by("pk").values_list("state", flat=True)) == ["replaced", "sent"]


def test_an_entry_is_opened_with_the_others_and_says_what_it_is(
    desk: Client, staff: Any, file: Any, user_in: Any
) -> None:
    desk.post(screen(file), typed(file))
    proposals.pass_deadline(file)
    opening.open_proposals(file, user_in(None, "opener"), custody.custodian_identities())
    opened = OpenedProposal.objects.get()
    assert opened.text()["telephone"] == PHONE
    assert "By telephone" in desk.get(reverse("proposals:list", args=[file.pk])).content.decode()
    read = reverse("proposals:read", args=[file.pk, opened.proposal.receipt_number])
    assert PHONE in desk.get(read).content.decode()
    reader, person = Client(), user_in(roles.FINANCE)
    person.user_permissions.add(Permission.objects.get(codename="read_proposal"))
    reader.force_login(person)
    page = reader.get(read).content.decode()
    assert "Entered by staff" in page
    assert PHONE not in page
    assert staff.get_username() not in page


def test_who_entered_is_known_to_later_stages(desk: Client, staff: Any, file: Any, user_in: Any) -> None:
    other = user_in(roles.EVALUATOR)
    desk.post(screen(file), typed(file))
    assert entering.has_entered(staff, file)
    assert not entering.has_entered(other, file)
    assert not entering.has_entered(staff, proposals.make_file())
    services.withdraw(
        handed_link(desk.post(screen(file), typed(file, telephone="6135550199"))), link_address=""
    )
    assert Proposal.objects.entered_by(staff).count() == 2


def test_the_printed_link_replaces_and_withdraws(desk: Client, file: Any) -> None:
    link = handed_link(desk.post(screen(file), typed(file)))
    own = f"/en/apply/link/{link.token}/"
    data = proposals.answers(file, email="camille@example.org", link=link.token)
    assert Client().post(f"{own}change/", data)["Location"] == own
    assert list(Proposal.objects.order_by("pk").values_list("state", flat=True)) == ["replaced", "sent"]
    assert "Camille Tremblay" in Client().get(own).content.decode(), "from now on it is a link like any other"


# --- nothing typed is lost ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"telephone": ""}, "one of them is needed"),
        ({"telephone": "12"}, "with the area code"),
        ({"taken_at": "2999-01-01 10:00"}, "in the future"),
        ({"taken_at": "2001-01-01 10:00"}, "before the opportunity was posted"),
        ({"taken_at": "yesterday"}, "Write day and time"),
        ({"entered_how": "telepathy"}, "telepathy"),
        ({"name": ""}, "Write your name"),
        ({"email": "nonsense"}, "name@example.org"),
        ({"name": "a\x00b"}, "cannot be read"),
    ],
)
def test_an_error_is_said_and_loses_nothing(
    desk: Client, file: Any, changes: dict[str, str], words: str
) -> None:
    answer = desk.post(screen(file), typed(file, business_name="Kept Inc.", **changes))
    assert answer.status_code == 422
    content = answer.content.decode()
    assert words in content
    assert "Kept Inc." in content
    assert "I built a keyboard-accessible date picker." in content
    assert Proposal.objects.count() == 0


def test_an_amendment_meanwhile_loses_nothing(desk: Client, file: Any) -> None:
    answer = desk.post(screen(file), typed(file, posting="0" * 64))
    assert answer.status_code == 409
    assert "I built a keyboard-accessible date picker." in answer.content.decode()


def test_a_stale_token_loses_nothing(staff: Any, file: Any) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(staff)
    answer = client.post(screen(file), typed(file))
    assert answer.status_code == 403
    assert "I built a keyboard-accessible date picker." in answer.content.decode()
    assert Proposal.objects.count() == 0
    stranger = Client(enforce_csrf_checks=True).post(screen(file), typed(file))
    assert "keyboard-accessible" not in stranger.content.decode()


@pytest.mark.parametrize("entry", ["", "nonsense", "\x00"])
def test_a_damaged_key_does_no_harm(desk: Client, file: Any, entry: str) -> None:
    assert desk.post(screen(file), typed(file, entry=entry)).status_code == 200


def test_the_text_is_sealed_to_the_custodians(desk: Client, file: Any) -> None:
    desk.post(screen(file), typed(file))
    (key,) = custody.custodian_identities()
    assert sealing.unseal(bytes(Proposal.objects.get().sealed), [key.identity])
