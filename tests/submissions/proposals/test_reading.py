"""Who reads applications in the admin: every address × role × moment."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.db import connection
from django.test import Client
from django.urls import reverse

from microacq_pages import roles
from submissions.audit.models import AuditEntry
from submissions.proposals import custody, opening
from submissions.proposals.hooks import ProposalsPanel
from submissions.proposals.models import OpenedProposal, Proposal
from tests.factories import proposals
from tests.factories.people import prefer

pytestmark = pytest.mark.django_db

SUPERUSER = None
READERS = (roles.IT_STRATEGY, SUPERUSER)
OTHERS = (roles.EVALUATOR, roles.CLIENT, roles.CFOB, roles.TRANSLATOR, roles.FINANCE, roles.AUDITOR)
SECRETS = ("Camille", "camille@example.org", "keyboard-accessible date picker")


@pytest.fixture
def signed_in(user_in: Callable[..., Any]) -> Callable[[str | None], Client]:
    def sign_in(role: str | None) -> Client:
        client = Client()
        client.force_login(user_in(role))
        return client

    return sign_in


@pytest.fixture
def proposal(file: Any) -> Proposal:
    return proposals.send(file)[0]


def acts(action: str) -> int:
    connection.check_constraints()
    return AuditEntry.objects.filter(action=action).count()


def open_the_file(file: Any, user_in: Callable[..., Any]) -> None:
    proposals.pass_deadline(file)
    opening.open_proposals(file, user_in(None, "opener"), custody.custodian_identities())


def list_of(file: Any) -> str:
    return reverse("proposals:list", args=[file.pk])


def page_of(proposal: Proposal) -> str:
    return reverse("proposals:read", args=[proposal.solicitation_id, proposal.receipt_number])


@pytest.mark.parametrize("role", READERS)
@pytest.mark.parametrize("passed", [False, True])
def test_before_the_opening_readers_learn_the_number_and_nothing_else(
    signed_in: Any, file: Any, proposal: Proposal, role: str | None, passed: bool
) -> None:
    if passed:
        proposals.pass_deadline(file)
    client = signed_in(role)
    listed = client.get(list_of(file))
    assert listed.status_code == 200
    assert "1 application has been received." in listed.content.decode()
    assert proposal.receipt_number not in listed.content.decode()
    read = client.get(page_of(proposal))
    assert read.status_code == 403
    for secret in SECRETS:
        assert secret not in listed.content.decode() + read.content.decode()
    assert acts("proposal.read_refused") == 1


@pytest.mark.parametrize("role", OTHERS)
@pytest.mark.parametrize("opened", [False, True])
def test_others_neither_list_nor_read(
    signed_in: Any, file: Any, proposal: Proposal, user_in: Any, role: str, opened: bool
) -> None:
    if opened:
        open_the_file(file, user_in)
    client = signed_in(role)
    listed, read = client.get(list_of(file)), client.get(page_of(proposal))
    assert listed.status_code in (302, 403)
    assert read.status_code in (302, 403)
    for secret in (*SECRETS, proposal.receipt_number):
        assert secret not in listed.content.decode()
    assert acts("proposal.read_refused") == 2


@pytest.mark.parametrize("number", ["%00", "R-%00", "x" * 200])
def test_a_receipt_that_is_none_is_not_found(signed_in: Any, file: Any, number: str) -> None:
    assert signed_in(None).get(f"{list_of(file)}{number}/").status_code in (302, 400, 404)


def test_visitors_are_sent_to_the_sign_in(client: Client, file: Any, proposal: Proposal) -> None:
    for address in (list_of(file), page_of(proposal), reverse("proposals:trials")):
        assert client.get(address).status_code == 302
    assert client.post(reverse("proposals:open", args=[file.pk])).status_code == 302


@pytest.mark.parametrize("role", READERS)
def test_after_the_opening_readers_list_and_read_and_each_read_is_recorded(
    signed_in: Any, file: Any, proposal: Proposal, user_in: Any, role: str | None
) -> None:
    open_the_file(file, user_in)
    client = signed_in(role)
    assert proposal.receipt_number in client.get(list_of(file)).content.decode()
    for _ in range(2):
        read = client.get(page_of(proposal))
    assert read.status_code == 200
    assert "keyboard-accessible date picker" in read.content.decode()
    assert acts("proposal.read") == 2
    assert acts("proposal.listed") == 1


@pytest.mark.parametrize("knows", [False, True])
def test_who_reads_without_the_permission_to_identify_does_not_learn_who_applied(
    client: Client, file: Any, proposal: Proposal, user_in: Any, knows: bool
) -> None:
    open_the_file(file, user_in)
    reader = user_in(roles.FINANCE, "reader")
    wanted = ["read_proposal", "identify_supplier"] if knows else ["read_proposal"]
    reader.user_permissions.set(Permission.objects.filter(codename__in=wanted))
    client.force_login(reader)
    content = client.get(page_of(proposal)).content.decode()
    assert ("Camille Tremblay" in content) is knows
    assert ("camille@example.org" in content) is knows


def test_replaced_versions_cannot_be_read_after_the_opening(signed_in: Any, file: Any, user_in: Any) -> None:
    first, link = proposals.send(file)
    second, _link = proposals.send(file, link, name="Camille T.")
    open_the_file(file, user_in)
    client = signed_in(None)
    assert first.receipt_number not in client.get(list_of(file)).content.decode()
    assert client.get(page_of(first)).status_code == 403
    assert client.get(page_of(second)).status_code == 200


@pytest.mark.parametrize("role", [roles.IT_STRATEGY, SUPERUSER])
def test_the_file_is_opened_from_the_admin_after_the_deadline(
    signed_in: Any, file: Any, proposal: Proposal, role: str | None
) -> None:
    from django_tasks_db.models import DBTaskResult

    client = signed_in(role)
    address = reverse("proposals:open", args=[file.pk])
    assert client.get(address).status_code == 405
    client.post(address)
    assert acts("file.open_refused") == 1
    assert not DBTaskResult.objects.filter(task_path__endswith="open_file").exists()
    proposals.pass_deadline(file)
    client.post(address)
    assert DBTaskResult.objects.filter(task_path__endswith="open_file").count() == 1
    assert acts("file.opening_asked") == 1
    assert OpenedProposal.objects.count() == 0


def test_the_button_on_the_page_of_the_file_opens_it(
    author: Any, it_strategy: Any, form_of: Callable[[Any], Any]
) -> None:
    file = proposals.make_posted_file(author, it_strategy)
    proposals.send(file)
    proposals.pass_deadline(file)
    client = Client(enforce_csrf_checks=True)
    client.force_login(it_strategy)
    page = form_of(client.get(reverse("solicitations:inspect", args=[file.pk])))
    answer = client.post(reverse("proposals:open", args=[file.pk]), page.data)
    assert (answer.status_code, answer["Location"]) == (302, reverse("proposals:opening", args=[file.pk]))
    assert acts("file.opening_asked") == 1


@pytest.mark.parametrize("role", OTHERS)
def test_others_cannot_have_a_file_opened(signed_in: Any, file: Any, role: str) -> None:
    from django_tasks_db.models import DBTaskResult

    proposals.pass_deadline(file)
    signed_in(role).post(reverse("proposals:open", args=[file.pk]))
    assert not DBTaskResult.objects.filter(task_path__endswith="open_file").exists()
    assert acts("file.open_refused") == 1


@pytest.mark.parametrize("role", [roles.IT_STRATEGY, roles.EVALUATOR, SUPERUSER])
def test_the_panel_tells_no_more_than_the_list(
    file: Any, proposal: Proposal, user_in: Any, rf: Any, role: str | None
) -> None:
    user = user_in(role)
    request = rf.get("/admin/")
    sealed = ProposalsPanel(file, user).render_html({"request": request})
    assert "Sealed" in sealed
    assert "Open the applications" not in sealed
    proposals.pass_deadline(file)
    closed = ProposalsPanel(file, user).render_html({"request": request})
    assert ("Open the applications" in closed) is (role != roles.EVALUATOR)
    assert proposal.receipt_number not in sealed + closed


def test_the_trial_can_be_asked_for_by_who_may_open_files(signed_in: Any) -> None:
    from django_tasks_db.models import DBTaskResult

    address = reverse("proposals:trials")
    assert signed_in(roles.EVALUATOR).post(address).status_code in (302, 403)
    assert not DBTaskResult.objects.filter(task_path__endswith="run_trial_seal").exists()
    client = signed_in(roles.IT_STRATEGY)
    assert client.get(address).status_code == 200
    client.post(address)
    assert DBTaskResult.objects.filter(task_path__endswith="run_trial_seal").count() == 1


def test_what_a_trial_says_of_each_key_is_told_in_the_readers_language(client: Client, user_in: Any) -> None:
    opening.make_trial()
    user = user_in(roles.IT_STRATEGY)
    prefer(user, "fr")
    client.force_login(user)
    assert "\u00a0: ouvre" in client.get(reverse("proposals:trials")).content.decode()


def test_wagtails_own_lists_of_form_data_show_export_and_delete_nothing(
    signed_in: Any, file: Any, proposal: Proposal, user_in: Any
) -> None:
    open_the_file(file, user_in)
    client = signed_in(SUPERUSER)
    page = proposals.form_page()
    assert page.title not in client.get(reverse("wagtailforms:index")).content.decode().split("<main", 1)[1]
    listed = reverse("wagtailforms:list_submissions", args=[page.pk])
    for address in (
        listed,
        f"{listed}?export=csv",
        f"{listed}?export=xlsx",
        reverse("wagtailforms:list_submissions_results", args=[page.pk]),
        reverse("wagtailforms:delete_submissions", args=[page.pk]) + f"?selected-submissions={proposal.pk}",
    ):
        for method in (client.get, client.post):
            answer = method(address)
            assert answer.status_code in (302, 403), address
            assert b"Camille" not in answer.content
    assert Proposal.objects.count() == 1


def test_the_number_of_queries_does_not_grow_with_the_proposals(
    signed_in: Any, file: Any, user_in: Any, django_assert_max_num_queries: Any
) -> None:
    for number in range(5):
        proposals.send(file, name=f"Supplier {number}", email=f"supplier{number}@example.org")
    open_the_file(file, user_in)
    client = signed_in(roles.IT_STRATEGY)
    client.get(list_of(file))
    with django_assert_max_num_queries(25):
        client.get(list_of(file))


@pytest.mark.parametrize("role", [roles.IT_STRATEGY, *OTHERS])
def test_the_history_of_the_site_tells_no_role_when_an_application_came(
    signed_in: Any, proposal: Proposal, role: str
) -> None:
    client = signed_in(role)
    for name in ("wagtailadmin_reports:site_history", "wagtailadmin_reports:site_history_results"):
        assert proposal.receipt_number not in client.get(reverse(name)).content.decode()
