"""Every indicator against the database, over periods; the dashboard, the public page and the reports show the same."""

from __future__ import annotations

import io
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import docx
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django.utils.translation import override

from microacq_pages import roles
from microacq_pages.formats import EASTERN
from submissions.contracts.enums import EndKind
from submissions.contracts.models import Contract
from submissions.notices.models import OutgoingMessage
from submissions.proposals.models import Proposal
from submissions.reporting import closing, suppliers
from submissions.reporting.indicators import groups, reports
from submissions.reporting.indicators.figures import Figures
from submissions.reporting.indicators.metrics import INDICATORS
from submissions.reporting.indicators.period import EARLIEST, Period, fiscal_year, fiscal_year_of
from submissions.reporting.indicators.scope import Scope
from submissions.reporting.models import ClosingMailing, KnownSupplier, Observation
from submissions.reporting.paying import Paid
from submissions.solicitations.enums import State
from submissions.solicitations.models import Solicitation
from submissions.solicitations.services import database_clock
from submissions.survey import pool, tokens
from submissions.survey.enums import Cohort
from tests.factories import contracts, people, proposals, requests
from tests.support.guards import guards_down

pytestmark = pytest.mark.django_db
DASHBOARD = "/admin/reports/indicators/"


def today() -> date:
    """By the clock that decides, which stands still in the transaction of the module: at midnight, too."""
    return database_clock().astimezone(EASTERN).date()


def this_year(language: str = "en") -> Figures:
    return Figures(fiscal_year(fiscal_year_of(today())), language)


def value(name: str, figures: Figures | None = None) -> Any:
    (line,) = [line for line in (figures or this_year()).lines if line.indicator.name == name]
    return line.value


@pytest.fixture(scope="module")
def _contract_of_module(module_transaction: None) -> int:
    contract = contracts.paid()
    suppliers.count_where_due()
    connection.check_constraints()
    return contract.pk


@pytest.fixture
def contract(_contract_of_module: int, db: None) -> Contract:
    return Contract.objects.select_related("solicitation").get(pk=_contract_of_module)


def test_every_indicator_has_a_source_and_says_why_where_nothing_is_known() -> None:
    assert len(INDICATORS) == len({each.name for each in INDICATORS}) >= 30
    empty = Figures(Period(EARLIEST, date(2021, 12, 31)), "en")
    assert not empty.arrivals.years
    for line in empty.lines:
        assert str(line.indicator.source).endswith(".")
        if line.value.number is None:
            assert line.remarks, line.indicator.name
            assert line.words == "Not known"


def test_the_figures_are_those_of_the_rows(contract: Contract) -> None:
    figures = this_year()
    sent = Proposal.objects.filter(solicitation=contract.solicitation, state="sent").count()
    assert value("posted", figures).number == Solicitation.objects.count()
    assert value("applications_per_opportunity", figures).number == Decimal(sent)
    assert value("unique_suppliers", figures).number == sent
    assert value("contracts", figures).number == 1
    assert value("awarded", figures).number == value("completed", figures).number == contract.price
    assert value("repositories", figures).number == 1
    assert (value("signed", figures).part, value("signed", figures).whole) == (1, 1)
    assert (value("delivered", figures).part, value("delivered", figures).whole) == (1, 1)
    assert value("splitting", figures).number == 0
    assert value("days_to_pay", figures).number == 0
    assert value("payment_decrease", figures).number == 100
    assert value("outside_capital", figures).number is None


def test_a_period_holds_what_happened_in_it(contract: Contract) -> None:
    before = Figures(Period(date(2020, 1, 1), today() - timedelta(days=200)), "en")
    assert value("contracts", before).number == 0
    assert value("signed", before).number is None


def test_suppliers_are_counted_over_files_and_forgotten_with_their_data(contract: Contract) -> None:
    file = contract.solicitation
    digests = set(KnownSupplier.objects.filter(solicitation=file).values_list("digest", flat=True))
    other = proposals.make_file()
    for proposal in Proposal.objects.filter(solicitation=file, state="sent"):
        assert suppliers.digest_of(proposal) in digests
        assert proposal.address_digest not in digests
    again = proposals.send(other, email=Proposal.objects.filter(solicitation=file)[0].address)[0]
    assert suppliers.digest_of(again) in digests
    proposals.pretend_state(other, State.OPENED)
    assert suppliers.count_where_due() == 0, "while it is evaluated without names, no digest says whose it is"
    proposals.pretend_state(other, State.EVALUATED)
    assert suppliers.count_where_due() == 1
    known = KnownSupplier.objects.get(solicitation=other)
    assert known.is_new is False
    assert known.is_new_in_year is (
        known.fiscal_year != fiscal_year_of(file.deadline.astimezone(EASTERN).date())
    )
    counted = value("unique_suppliers").number
    with guards_down("submissions_proposal"):
        Proposal.objects.filter(solicitation=file).update(contact="erased")
    assert suppliers.forget() == len(digests)
    assert suppliers.forget() == 0
    after = set(KnownSupplier.objects.filter(solicitation=file).values_list("digest", flat=True))
    assert len(after) == len(digests)
    assert not after & digests
    assert value("unique_suppliers").number == counted, "sums stay what they were"


def test_requests_are_counted_with_those_that_fit(it_strategy: Any, author: Any) -> None:
    requests.decided(requests.make_request(author), it_strategy, "fit")
    requests.make_request(author)
    assert value("requests").number == 2
    assert (value("requests_fitting").part, value("requests_fitting").whole) == (1, 2)


def test_a_group_of_a_survey_is_told_by_year_from_five_people_on() -> None:
    year = today().year
    answers = [{"contracts": [choice]} for choice in ("never", "bid", "yes", "no_answer") for _n in range(6)]
    answers += [{"contracts": ["never"]}] * 6
    pool.add_to_sums(Cohort.APPLIED, year, answers)
    found = value("never_worked_applied")
    assert (found.part, found.whole, found.number) == (18, 30, Decimal("60.0"))
    (told,) = [each for each in this_year().people if "Earlier contracts" in each.title]
    assert ("Yes", "6") in told.lines
    assert value("never_worked_awarded").number is None
    pool.add_to_sums(Cohort.AWARDED, year, [{"contracts": ["never"]}] * 5 + [{"contracts": ["yes"]}] * 2)
    assert value("never_worked_awarded").number is None
    both = Figures(Period(date(year - 1, 1, 1), date(year, 12, 31)), "en")
    pool.add_to_sums(Cohort.APPLIED, year - 1, answers[:24])
    line = next(line for line in both.lines if line.indicator.name == "never_worked_applied")
    assert [each for each, _value in line.value.by_year] == [str(year - 1), str(year)]
    assert line.value.number is None, "years are never added up"
    assert "50%" in line.words and "60%" in line.words
    assert line.is_met is False


def paid_in(places: list[bool], suppliers: list[str] | None = None) -> Any:
    """What is told of payments whose invoices say so of the capital region."""
    now = timezone.now()
    scope = Scope(Period(date(today().year, 1, 1), date(today().year, 12, 31)))
    names = suppliers or [f"Supplier {number}" for number in range(len(places))]
    rows = [
        Paid(number, name, 1, number, Decimal(1), Decimal(1), today(), now, now, 3, in_capital_region=place)
        for number, (name, place) in enumerate(zip(names, places, strict=True))
    ]
    scope.__dict__["paid_by_year"] = {today().year: rows}
    return groups.outside_capital(scope).number


@pytest.mark.parametrize(
    ("inside", "outside", "share"),
    [(5, 5, 50), (9, 1, None), (1, 9, None), (4, 0, None), (6, 5, 50), (5, 15, 75)],
)
def test_where_suppliers_work_is_told_in_safe_steps(inside: int, outside: int, share: int | None) -> None:
    assert paid_in([*[False] * outside, *[True] * inside]) == share


def test_a_supplier_who_is_paid_twice_is_one_supplier() -> None:
    assert paid_in([True, False] * 5, ["One", "Other"] * 5) is None


def test_a_number_read_elsewhere_counts_until_a_newer_one(
    client: Client, it_strategy: Any, cfob: Any
) -> None:
    client.force_login(it_strategy)
    data = {"kind": "followers", "value": "143", "observed_on": today().isoformat()}
    data |= {"source_en": "Profile page", "source_fr": "Page du profil"}
    assert client.post(f"{DASHBOARD}numbers/", data).status_code == 302
    assert value("followers").number == 143
    assert "Profile page" in str(value("followers").note)
    with override("fr"):
        assert "Page du profil" in str(value("followers", this_year("fr")).note)
    wrong = client.post(f"{DASHBOARD}numbers/", {**data, "observed_on": "2999-01-01", "source_fr": "Kept"})
    assert wrong.status_code == 422
    assert b"Kept" in wrong.content
    client.force_login(cfob)
    assert client.get(f"{DASHBOARD}numbers/").status_code == 200
    assert client.post(f"{DASHBOARD}numbers/", data).status_code in (302, 403)
    assert Observation.objects.count() == 1


# --- the surveys at the end of a contract --------------------------------------------------------


def test_client_and_supplier_are_asked_once_some_days_after_the_end(contract: Contract, author: Any) -> None:
    Solicitation.objects.filter(pk=contract.solicitation_id).update(client=author)
    assert closing.ask_where_due() == 0
    with guards_down("submissions_contract"):
        Contract.objects.filter(pk=contract.pk).update(changed_at=timezone.now() - timedelta(days=9))
    assert closing.ask_where_due() == 2
    assert closing.ask_where_due() == 0
    assert ClosingMailing.objects.get().pk == contract.pk
    letters = OutgoingMessage.objects.filter(kind="closing_asked")
    assert letters.count() == 2
    assert all(
        contract.solicitation.number not in bytes(letter.payload).decode("latin-1") for letter in letters
    )


def test_an_address_that_cannot_be_decrypted_stops_no_other_letter(
    contract: Contract, caplog: pytest.LogCaptureFixture
) -> None:
    other = contracts.ended(contracts.under_way(), EndKind.WITHDRAWN).contract
    with guards_down("submissions_contract", "submissions_proposal"):
        Contract.objects.update(changed_at=timezone.now() - timedelta(days=9))
        broken = Proposal.objects.filter(pk=contract.offer.proposal_id)
        whole = broken.get().contact
        broken.update(contact="damaged")
    assert closing.ask_where_due() >= 1
    assert list(ClosingMailing.objects.values_list("pk", flat=True)) == [other.pk]
    assert contract.solicitation.number in caplog.text
    with guards_down("submissions_proposal"):
        broken.update(contact=whole)
    closing.ask_where_due()
    assert ClosingMailing.objects.filter(pk=contract.pk).exists(), "it is tried again"


@pytest.mark.parametrize(
    ("cohort", "words"), [(Cohort.CLIENT, "buy a piece of code"), (Cohort.SUPPLIER, "apply for")]
)
def test_each_is_asked_three_questions_and_nothing_of_themselves(
    client: Client, cohort: Cohort, words: str
) -> None:
    page = client.get(f"/en/survey/{tokens.make(cohort, today())}/").content.decode()
    assert words in page
    assert page.count("<fieldset") == 3
    assert "postal" not in page


# --- where they are shown ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", ["Indicators against targets", "Met"]),
        ("fr", ["Indicateurs par rapport aux cibles", "Atteinte"]),
    ],
)
def test_staff_read_the_dashboard_over_any_period(
    client: Client, it_strategy: Any, contract: Contract, language: str, words: list[str]
) -> None:
    people.prefer(it_strategy, language)
    client.force_login(it_strategy)
    text = client.get(DASHBOARD).content.decode()
    assert all(word in text for word in words)
    assert contract.solicitation.number in text
    assert "<svg" in text
    for query in (
        "first=2026-02-30",
        "first=2027-01-01&last=2026-01-01",
        "first=1900-01-01",
        "last=x",
        "first=2098-01-01",
        "first=2099-05-01",
    ):
        assert client.get(f"{DASHBOARD}?{query}").status_code == 200


def test_who_sees_no_file_sees_no_figures(client: Client, translator: Any, author: Any) -> None:
    for user in (translator, author):
        client.force_login(user)
        assert client.get(DASHBOARD).status_code in (302, 403)
        assert client.get(f"{DASHBOARD}report/close-out/en/").status_code in (302, 403)


@pytest.mark.parametrize(
    ("address", "words"), [("/en/results/", "Unique suppliers"), ("/fr/resultats/", "Fournisseurs uniques")]
)
def test_the_public_reads_the_same_by_fiscal_year(
    client: Client, contract: Contract, address: str, words: str
) -> None:
    page = client.get(address)
    assert page.status_code == 200
    assert words in page.content.decode()
    assert contract.solicitation.number in page.content.decode()
    year = fiscal_year_of(today())
    public = Figures(fiscal_year(year), "en", is_public=True)
    assert value("unique_suppliers", public).number is None, "of one file alone nothing is told"
    assert value("unique_suppliers").number
    assert client.get(f"{address}?year={year}").status_code == 200
    for nonsense in ("1999", "x", f"{year + 1}"):
        assert client.get(f"{address}?year={nonsense}").status_code == 404


@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize("kind", ["mid-point", "close-out"])
def test_the_reports_are_documents_with_the_same_figures(
    client: Client, it_strategy: Any, contract: Contract, kind: str, language: str
) -> None:
    client.force_login(it_strategy)
    answer = client.get(f"{DASHBOARD}report/{kind}/{language}/")
    assert answer["Content-Type"] == reports.CONTENT_TYPE
    document = docx.Document(io.BytesIO(answer.content))
    assert document.core_properties.language == f"{language}-CA"
    cells = {cell.text for table in document.tables for row in table.rows for cell in row.cells}
    with override(language):
        figures = this_year(language)
        for line in figures.lines:
            assert str(line.indicator.label) in cells
            assert line.words in cells
    assert (contract.solicitation.number in cells) is (kind == "close-out")
    assert next(p.style.name for p in document.paragraphs if p.style) == "Heading 1"


def test_an_unknown_report_is_not_there(client: Client, it_strategy: Any) -> None:
    client.force_login(it_strategy)
    for path in ("report/other/en/", "report/close-out/de/", "report/close-out/en/?first=x"):
        assert client.get(f"{DASHBOARD}{path}").status_code in (302, 404)


def test_the_number_of_queries_does_not_grow(contract: Contract) -> None:
    def asked() -> int:
        with CaptureQueriesContext(connection) as captured:
            figures = this_year()
            assert all([figures.lines, figures.totals, figures.stages, figures.arrivals, figures.trends])
            assert figures.completed
        return len(captured)

    few = asked()
    assert few <= 60
    for _number in range(4):
        proposals.send(proposals.make_file())
    assert asked() == few


def test_roles_may_enter_and_read_numbers() -> None:
    assert "submissions.add_observation" in roles.ROLES[roles.IT_STRATEGY].models
    assert "submissions.add_observation" not in roles.ROLES[roles.AUDITOR].models
