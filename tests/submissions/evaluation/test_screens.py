"""The screens of an evaluation, without script: every address × person × moment, and what is typed."""

from __future__ import annotations

import re
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from django.urls import reverse
from wagtail.models import ModelLogEntry

from microacq_pages import roles
from submissions.evaluation import boards, handing_in, results
from submissions.evaluation.enums import RoundState
from submissions.evaluation.models import Assignment, Candidate, Verdict
from submissions.solicitations.models import Solicitation
from submissions.solicitations.services import transition
from tests.factories import evaluations, people, proposals

pytestmark = pytest.mark.django_db(databases=["default", "refusals"])

SECRETS = ("Supplier 1", "Supplier 2", "example.org")


def browser(person: Any) -> Client:
    client = Client()
    client.force_login(person)
    return client


def url(name: str, file: Solicitation, *args: Any) -> str:
    return reverse(f"evaluation:{name}", args=[file.pk, *args])


def text_of(response: Any) -> str:
    return " ".join(BeautifulSoup(response.content, "html.parser").get_text(" ").split())


def typed_in(response: Any) -> dict[str, str]:
    """What a browser would send back of the form of verdicts."""
    form = BeautifulSoup(response.content, "html.parser").find("form", attrs={"data-evaluation": True})
    assert form is not None, response.status_code
    data = {}
    for field in form.find_all(["input", "textarea"]):
        if field.get("type") == "radio" and not field.has_attr("checked"):
            continue
        data[field["name"]] = field.text.lstrip("\n") if field.name == "textarea" else field.get("value", "")
    return data


def filled(response: Any, choice: str = "pass", reason: str = "It shows two years of it.") -> dict[str, str]:
    data = typed_in(response)
    for name in [name for name in data if name.endswith("-reason")]:
        data[name] = reason
        data[name.removesuffix("reason") + "choice"] = choice
    return data


SCREENS = (
    "file",
    "attest",
    "conflict",
    "hand-in",
    "agree",
    "agreed",
    "names",
    "verdicts",
    "sign-off",
    "send-back",
)
STRANGERS = (roles.CLIENT, roles.TRANSLATOR, roles.FINANCE)


@pytest.mark.parametrize("role", STRANGERS)
def test_who_has_no_part_in_it_sees_no_screen(file: Solicitation, user_in: Any, role: str) -> None:
    evaluations.named(file)
    client = browser(user_in(role))
    addresses = [url(name, file) for name in (*SCREENS, "assign")]
    addresses += [
        url("criterion", file, 1),
        url("application", file, 1),
        url("reasons", file, 1),
        url("hide", file, 1),
    ]
    for address in addresses:
        assert client.get(address).status_code in (302, 403), address
        assert client.post(address).status_code in (302, 403, 405), address
    assert client.post(url("save", file)).status_code in (302, 403)


def test_visitors_are_sent_to_the_sign_in(file: Solicitation) -> None:
    for name in SCREENS:
        assert Client().get(url(name, file)).status_code == 302


@pytest.mark.parametrize("role", [roles.IT_STRATEGY, roles.CFOB, roles.AUDITOR, None])
def test_nobody_but_its_evaluators_reads_an_evaluation_under_way(
    file: Solicitation, role: str | None
) -> None:
    (assignment,) = evaluations.named(file)
    evaluations.judge_all(assignment)
    client = browser(people.the(role))
    assert client.get(url("file", file)).status_code == 200
    for address in (
        url("criterion", file, 1),
        url("application", file, 1),
        url("verdicts", file),
        url("reasons", file, 1),
        url("agree", file),
    ):
        response = client.get(address)
        assert response.status_code in (302, 403), address
        assert "two years" not in response.content.decode()


def test_an_evaluator_without_a_part_in_this_file_reads_nothing(file: Solicitation) -> None:
    evaluations.named(file)
    client = browser(evaluations.evaluator("another"))
    for address in (url("file", file), url("criterion", file, 1), url("application", file, 1)):
        assert client.get(address).status_code in (302, 403)
    assert client.get(reverse("proposals:list", args=[file.pk])).status_code in (302, 403)


def test_nothing_is_read_before_the_attestation(file: Solicitation) -> None:
    (assignment,) = evaluations.named(file, attested=False)
    client = browser(assignment.evaluator)
    assert "Attest and begin" in text_of(client.get(url("file", file)))
    for address in (url("criterion", file, 1), url("application", file, 1)):
        response = client.get(address)
        assert (response.status_code, response["Location"]) == (302, url("file", file))
    client.post(url("attest", file))
    assert Assignment.objects.get(pk=assignment.pk).attested_at is not None
    assert "keyboard-accessible" in text_of(client.get(url("criterion", file, 1)))


def test_evaluators_see_no_name_no_receipt_and_no_time(file: Solicitation) -> None:
    (assignment,) = evaluations.named(file)
    client = browser(assignment.evaluator)
    screens = [
        url("file", file),
        url("criterion", file, 1),
        url("application", file, 1),
        url("hand-in", file),
    ]
    for address in screens:
        content = client.get(address).content.decode()
        for secret in (*SECRETS, *evaluations.receipts(file)):
            assert secret not in content, (address, secret)


def test_each_screen_of_applications_is_recorded_as_read(file: Solicitation) -> None:
    (assignment,) = evaluations.named(file)
    client = browser(assignment.evaluator)
    client.get(url("criterion", file, 2))
    client.get(url("application", file, 3))
    read = ModelLogEntry.objects.filter(action="evaluation.read", user=assignment.evaluator)
    assert sorted(entry.data["labels"] for entry in read) == ["1, 2, 3", "3"]


def test_a_criterion_is_judged_across_applications_without_script(file: Solicitation) -> None:
    (assignment,) = evaluations.named(file)
    client = browser(assignment.evaluator)
    page = client.get(url("criterion", file, 1))
    shown = [int(number) for number in re.findall(r"application/(\d+)/\">Application", page.content.decode())]
    assert shown == assignment.order
    answer = client.post(url("criterion", file, 1), filled(page), follow=True)
    assert "every verdict on this page has its reason" in text_of(answer)
    assert Verdict.objects.filter(assignment=assignment, passed=True).count() == 3


def test_an_application_is_judged_with_all_criteria_and_half_a_verdict_is_kept(file: Solicitation) -> None:
    (assignment,) = evaluations.named(file)
    client = browser(assignment.evaluator)
    page = client.get(url("application", file, 2))
    data = filled(page, reason="")
    answer = client.post(url("application", file, 2), data, follow=True)
    assert "still need a choice or a reason on this page: 2" in text_of(answer)
    assert "no verdict without one" in text_of(answer)
    assert answer.content.decode().count("checked") == 2
    assert not Verdict.objects.filter(passed__isnull=False).exists()


def test_what_cannot_be_kept_stands_in_the_form_again(file: Solicitation) -> None:
    (assignment,) = evaluations.named(file)
    client = browser(assignment.evaluator)
    data = filled(client.get(url("application", file, 1)), reason="x" * 4001)
    answer = client.post(url("application", file, 1), data)
    assert answer.status_code == 422
    assert "x" * 4001 in answer.content.decode()
    assert not Verdict.objects.exists()


def test_two_windows_overwrite_nothing_unseen(file: Solicitation) -> None:
    (assignment,) = evaluations.named(file)
    client = browser(assignment.evaluator)
    first, second = (client.get(url("application", file, 1)) for _window in range(2))
    client.post(url("application", file, 1), filled(first, reason="From the first window."))
    answer = client.post(url("application", file, 1), filled(second, "fail", "From the second window."))
    assert answer.status_code == 409
    assert "From the first window." in text_of(answer)
    assert "From the second window." in answer.content.decode()
    client.post(url("application", file, 1), typed_in(answer))
    assert set(Verdict.objects.values_list("reason", "passed")) == {("From the second window.", False)}


def test_a_verdict_is_saved_while_it_is_typed(file: Solicitation) -> None:
    (assignment,) = evaluations.named(file)
    client = browser(assignment.evaluator)
    board = boards.read(assignment.round)
    candidate, item = board.candidates[0], board.items[0]
    key = f"v{candidate.pk}-{item.pk}"
    sent = {"candidate": candidate.pk, "item": item.pk, f"{key}-version": 0}
    typed = client.post(url("save", file), {**sent, f"{key}-reason": "It sh"}).json()
    assert (typed["version"], typed["done"]) == (1, False)
    whole = {**sent, f"{key}-reason": "It shows it.", f"{key}-choice": "pass", f"{key}-version": 1}
    assert client.post(url("save", file), whole).json()["done"] is True
    late = client.post(url("save", file), {**sent, f"{key}-reason": "Other", f"{key}-version": 1})
    assert (late.status_code, late.json()["stored"]) == (409, "It shows it.")


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"candidate": "x"}, 400),
        ({"candidate": ""}, 400),
        ({"item": "99999999999999999999"}, 400),
        ({"candidate": "-1"}, 400),
        ({"reason": "a\x07"}, 422),
        ({"choice": "perhaps"}, 422),
        ({"version": "many"}, 422),
    ],
)
def test_crafted_requests_get_an_answer_in_words(
    file: Solicitation, changes: dict[str, str], status: int
) -> None:
    (assignment,) = evaluations.named(file)
    board = boards.read(assignment.round)
    candidate, item = board.candidates[0], board.items[0]
    sent: dict[str, Any] = {"candidate": candidate.pk, "item": item.pk}
    for name, value in changes.items():
        sent[name if name in sent else f"v{candidate.pk}-{item.pk}-{name}"] = value
    assert browser(assignment.evaluator).post(url("save", file), sent).status_code == status


def test_from_naming_to_the_sign_off_by_the_screens(file: Solicitation) -> None:
    team, signer = browser(people.the(roles.IT_STRATEGY)), browser(people.the(roles.CFOB))
    person = evaluations.evaluator()
    page = team.get(url("assign", file))
    assert person.get_full_name() in text_of(page)
    assert (
        people.the(roles.IT_STRATEGY).get_full_name()
        not in text_of(page).split("Evaluators", 1)[-1].split("Back")[0]
    )
    assert team.post(url("assign", file), {}).status_code == 422
    assert team.post(url("assign", file), {"people": [person.pk]}).status_code == 302
    desk = browser(person)
    desk.post(url("attest", file))
    for label in (1, 2, 3):
        choice = "fail" if label == 2 else "pass"
        desk.post(url("application", file, label), filled(desk.get(url("application", file, label)), choice))
    assert "6 of 6" in text_of(desk.get(url("hand-in", file)))
    desk.post(url("hand-in", file))
    assert desk.post(url("application", file, 1), {}).status_code == 302
    verdicts = signer.get(url("verdicts", file))
    assert "2 applications pass every criterion. 1 does not." in text_of(verdicts)
    for receipt in evaluations.receipts(file):
        assert receipt not in verdicts.content.decode()
    assert "two years of it" in text_of(signer.get(url("reasons", file, 2)))
    assert signer.post(url("send-back", file), {"reason": ""}).status_code == 422
    signer.post(url("send-back", file), {"reason": "Say more about number 2."})
    assert "Say more about number 2." in text_of(desk.get(url("file", file)))
    data = filled(desk.get(url("application", file, 2)), "fail", "It shows nothing of it.")
    desk.post(url("application", file, 2), data)
    stale = typed_stale(signer, file)
    desk.post(url("hand-in", file))
    assert signer.post(url("sign-off", file), {"digest": stale}).status_code == 422
    form = BeautifulSoup(signer.get(url("sign-off", file)).content, "html.parser")
    digest = form.find("input", attrs={"name": "digest"})["value"]
    assert signer.post(url("sign-off", file), {"digest": digest}).status_code == 302
    assert len(results.passing(file)) == 2
    for receipt in evaluations.receipts(file):
        assert receipt in signer.get(url("verdicts", file)).content.decode()


def typed_stale(client: Client, file: Solicitation) -> str:
    """A digest of verdicts that are not there any more."""
    assert "does not wait" not in text_of(client.get(url("sign-off", file)))
    return "a" * 64


def test_several_agree_on_the_screen_with_what_each_wrote_beside_it(file: Solicitation) -> None:
    first, second = evaluations.named(file, "anne", "bert")
    failing = evaluations.receipts(file)[0]
    desk = browser(first.evaluator)
    assert desk.post(url("agreed", file)).status_code == 422  # nothing is judged yet
    evaluations.judge_all(first)
    evaluations.judge_all(second, failing=[failing])
    for answer in (desk.get(url("agreed", file)), desk.post(url("agreed", file))):
        assert "without an agreed verdict" not in text_of(answer)
    assert (
        desk.get(url("agree", file)).status_code == 302
    )  # while each works alone nobody sees the others’ verdicts
    for one in (first, second):
        handing_in.hand_in(one, user=one.evaluator)
    page = desk.get(url("agree", file))
    assert "It shows no such work." in text_of(page)
    assert "It shows two years of such work." in text_of(page)
    assert len(typed_in(page)) == 5
    answer = desk.post(url("agree", file), filled(page, "pass", "We read it together."), follow=True)
    assert "0 differences" in text_of(answer)
    for one in (first, second):
        browser(one.evaluator).post(url("agreed", file))
    assert boards.current_round(file).state == RoundState.SUBMITTED  # type: ignore[union-attr]
    team = browser(people.the(roles.CFOB))
    label = Candidate.objects.get(round=first.round, proposal__receipt_number=failing).label
    told = text_of(team.get(url("reasons", file, label)))
    assert "We read it together." in told
    assert "It shows no such work." in told


def test_what_is_void_can_still_be_read_by_who_may(file: Solicitation) -> None:
    evaluations.submitted(file)
    transition(file, "sign_off", user=people.the(roles.CFOB))
    transition(file, "reopen", user=people.the(roles.CFOB), reason="Wrong.", reason_fr="Erroné.")
    client = browser(people.the(roles.AUDITOR))
    assert client.get(url("verdicts", file)).status_code in (302, 403)
    assert "void" in text_of(client.get(url("verdicts", file) + "?round=1"))
    assert client.get(url("verdicts", file) + "?round=x").status_code in (302, 404)
    assert "two years" in text_of(client.get(url("reasons", file, 1) + "?round=1"))


@pytest.mark.parametrize(
    ("language", "reason", "said"),
    [("en", "Wrong.", "Named Evaluator an"), ("fr", "Erroné.", "A désigné Evaluator ")],
)
def test_why_an_evaluation_is_void_is_read_in_ones_own_language(
    posted_once: Solicitation, language: str, reason: str, said: str
) -> None:
    file = evaluations.evaluated(1, failing=0, file=posted_once)
    transition(file, "reopen", user=people.the(roles.CFOB), reason="Wrong.", reason_fr="Erroné.")
    auditor = people.the(roles.AUDITOR)
    people.prefer(auditor, language)
    client, of_file = browser(auditor), reverse("solicitations:inspect", args=[file.pk])
    for address in (url("verdicts", file) + "?round=1", url("file", file), of_file):
        page = BeautifulSoup(client.get(address).content, "html.parser")
        assert reason in {each.get_text() for each in page.select(f"main span[lang={language}]")}, address
    log = page.find(id="file-acts-section")
    assert log is not None
    assert reason in log.get_text()
    assert said in log.get_text()


@pytest.mark.parametrize(
    "role", [roles.EVALUATOR, roles.IT_STRATEGY, roles.CFOB, roles.AUDITOR, roles.CLIENT]
)
def test_the_page_of_the_file_shows_the_way_to_those_who_may(posted_once: Solicitation, role: str) -> None:
    file = evaluations.opened(1, file=posted_once)
    (assignment,) = evaluations.named(file)
    person = assignment.evaluator if role == roles.EVALUATOR else people.the(role)
    response = browser(person).get(reverse("solicitations:inspect", args=[file.pk]))
    assert (url("file", file) in response.content.decode()) is (role != roles.CLIENT)


def test_work_waits_for_whoever_is_next(file: Solicitation) -> None:
    from microacq_pages.waiting import waiting_for

    team, signer, person = people.the(roles.IT_STRATEGY), people.the(roles.CFOB), evaluations.evaluator()

    def labels(user: Any) -> list[str]:
        return [str(item.label) for item in waiting_for(user) if item.kind == "evaluation"]

    assert labels(team) == ["Name evaluators"]
    (assignment,) = evaluations.named(file)
    assert (labels(team), labels(person), labels(signer)) == ([], ["Evaluate applications"], [])
    evaluations.judge_all(assignment)
    handing_in.hand_in(assignment, user=person)
    assert (labels(person), labels(signer)) == ([], ["Sign an evaluation off"])


@pytest.mark.parametrize("count", [1, 6])
def test_the_number_of_queries_does_not_grow_with_the_applications(
    db: None, django_assert_max_num_queries: Any, count: int
) -> None:
    file = evaluations.opened(count, file=proposals.make_file(criteria=2))
    (assignment,) = evaluations.named(file)
    evaluations.judge_all(assignment)
    client = browser(assignment.evaluator)
    limits = {"file": 30, "criterion": 32, "application": 34}
    for name, limit in limits.items():
        address = url(name, file, *([] if name == "file" else [1]))
        client.get(address)
        with django_assert_max_num_queries(limit):
            client.get(address)
    handing_in.hand_in(assignment, user=assignment.evaluator)
    signer = browser(people.the(roles.CFOB))
    signer.get(url("verdicts", file))
    with django_assert_max_num_queries(30):
        signer.get(url("verdicts", file))
    team = browser(people.the(roles.IT_STRATEGY))
    team.get(url("names", file))
    with django_assert_max_num_queries(25):
        team.get(url("names", file))


def test_the_public_and_the_file_tell_when_the_evaluation_was_signed_off(posted_once: Solicitation) -> None:
    from microacq_pages.timetable import Kind, timetable_of

    file = evaluations.evaluated(1, failing=0, file=posted_once)
    page: Any = file.page("en")
    assert Kind.EVALUATED in [step.kind for step in timetable_of(page)]
    assert "Evaluation signed off" in text_of(
        browser(people.the(roles.CFOB)).get(reverse("solicitations:inspect", args=[file.pk]))
    )
    public = text_of(Client().get(page.url))
    assert "The applications were evaluated" in public
    transition(file, "reopen", user=people.the(roles.CFOB), reason="Wrong.", reason_fr="Erroné.")
    assert Kind.EVALUATED not in [step.kind for step in timetable_of(file.page("en"))]  # type: ignore[arg-type]
