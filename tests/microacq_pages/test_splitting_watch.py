"""The watch over contract splitting as people meet it: found, shown, justified, decided, reported."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import override
from wagtail import hooks
from wagtail.models import PageLogEntry

from microacq_pages import formats, roles, splitting_records
from microacq_pages.blockers import PublicationBlocked, publication_findings
from microacq_pages.models import (
    Opportunity,
    OpportunityIndex,
    OpportunityProfile,
    Project,
    PublicStatus,
    SplittingJustification,
)
from microacq_pages.splitting import Evidence, Ground, Standing
from microacq_pages.waiting import waiting_for
from tests.factories import pages, people
from tests.support.guards import guards_down

pytestmark = pytest.mark.django_db(databases=["default", "refusals"])

OTHERWISE = {
    "team": "Mapping",
    "branch": "Surveys",
    "contact_name": "Sam",
    "contact_email": "sam@example.org",
    "repository": "https://github.com/example-department/maps",
    "work": "<p>Draw the rivers of every province on tiles that load quickly, offline too.</p>",
}


@pytest.fixture(scope="module")
def _made_once(module_transaction: None) -> tuple[int, int]:
    """An opportunity and the project of another, made once; each test changes them in a savepoint of its own."""
    own = pages.make_opportunity(people.the(roles.CLIENT), justified=False, price=Decimal("4000"))
    other = pages.make_project(slug="maps", title="Maps")
    connection.check_constraints()
    return own.pk, other.pk


@pytest.fixture
def own(_made_once: tuple[int, int], db: None) -> Opportunity:
    return Opportunity.objects.get(pk=_made_once[0])


@pytest.fixture
def unlike(_made_once: tuple[int, int], own: Opportunity) -> Callable[..., Opportunity]:
    """Make an opportunity that shares nothing with ``own`` but what is said."""
    projects = iter(Project.objects.filter(pk=_made_once[1]))

    def make(**fields: Any) -> Opportunity:
        number = Opportunity.objects.count()
        project = fields.pop("project", None) or next(projects, None)
        project = project or pages.make_project(slug=f"project-{number}", title="Maps")
        values = {**OTHERWISE, "price": Decimal("6000"), **fields}
        values.setdefault("title", f"River map {number}")
        return pages.make_opportunity(
            own.owner, slug=f"other-{number}", project=project, justified=False, **values
        )

    return make


def standing(page: Any) -> Standing:
    return splitting_records.assess(page).standing


def grounds(page: Any) -> list[tuple[Ground, ...]]:
    return [match.grounds for match in splitting_records.assess(page).found.matches]


def justify(page: Any, user: Any, text: str = "Another need.") -> SplittingJustification:
    return splitting_records.justify(page, user, text, splitting_records.assess(page).found.digest)


def decide(page: Any, user: Any, *, accept: bool = True, reason: str = "Clear.") -> Any:
    waiting = SplittingJustification.objects.first()
    assert waiting is not None
    return splitting_records.decide(page, user, accept=accept, reason=reason, justification=waiting.pk)


def post(page: Opportunity, ago: timedelta = timedelta(0), state: str = "posted") -> PublicStatus:
    """As if the file had been posted so long ago."""
    now = timezone.now()
    number = f"MA-2026-{PublicStatus.objects.count() + 1:04d}"
    # The page stays a draft, which the database would refuse of a posted one.
    with guards_down("microacq_pages_publicstatus"):
        return PublicStatus.objects.create(
            translation_key=page.translation_key,
            number=number,
            posted_at=now - ago,
            deadline=now + timedelta(days=5),
            state=state,
        )


# --- what is found -------------------------------------------------------------------------------------


def test_nothing_is_found_where_nothing_is_shared(own: Opportunity, unlike: Callable[..., Any]) -> None:
    unlike()
    assert grounds(own) == []
    assert standing(own) == Standing.CLEAR


@pytest.mark.parametrize(
    ("fields", "ground"),
    [
        ({"team": "DIGITAL  services"}, Ground.TEAM),
        ({"branch": "innovation"}, Ground.BRANCH),
        ({"contact_email": "Digital.Services@Example.org"}, Ground.CONTACT),
        ({"repository": "http://github.com/Example-Department/design-system.git"}, Ground.REPOSITORY),
        (
            {
                "work": "<ul><li>Repair the keyboard support.</li><li>Write the tests.</li></ul>",
                "title": "Accessible date picker",
            },
            Ground.TEXT,
        ),
    ],
)
def test_each_thing_shared_is_found_alone(
    own: Opportunity, unlike: Callable[..., Any], fields: dict[str, Any], ground: Ground
) -> None:
    unlike(**fields)
    assert grounds(own) == [(ground,)]
    assert standing(own) == Standing.NEEDED


def test_the_same_project_is_found_whatever_its_language(
    own: Opportunity, unlike: Callable[..., Any]
) -> None:
    unlike(project=own.project)
    assert grounds(own) == [(Ground.PROJECT,)]


def test_the_two_languages_of_one_opportunity_are_no_match(own: Opportunity) -> None:
    pages.translate(own)
    assert OpportunityProfile.objects.count() == 1
    assert grounds(own) == []


def test_a_team_is_found_by_its_name_in_the_other_language(
    own: Opportunity, unlike: Callable[..., Any]
) -> None:
    pages.translate(own)
    splitting_records.refresh(own)
    unlike(team="[fr] Digital Services")
    assert grounds(own) == [(Ground.TEAM,)]


def test_texts_are_similar_from_four_tenths(own: Opportunity, monkeypatch: pytest.MonkeyPatch) -> None:
    profile = splitting_records.profile_of(own)
    profile.text_en, profile.text_fr = "abcdef", ""
    other = pages.make_opportunity(own.owner, slug="other", justified=False)

    def degree(text: str) -> float | None:
        OpportunityProfile.objects.filter(page=other).update(text_en=text)
        return splitting_records.similar_to(profile).get(other.translation_key)

    with connection.cursor() as cursor:
        cursor.execute("SELECT similarity('abcdef', 'abcxyz'), similarity('abcdef', 'abcdxyz')")
        low, high = cursor.fetchone()
    assert (low < 0.4, degree("abcxyz")) == (True, None)
    text = "abcd"  # 4 of 8 trigrams
    with connection.cursor() as cursor:
        cursor.execute("SELECT similarity('abcdef', %s)", [text])
        (middle,) = cursor.fetchone()
    assert middle >= 0.4
    assert degree(text) == pytest.approx(middle)
    assert high >= 0


def test_what_was_posted_more_than_twelve_months_ago_is_not_counted(
    own: Opportunity, unlike: Callable[..., Any]
) -> None:
    status = post(unlike(team=own.team), timedelta(days=364))
    assert standing(own) == Standing.NEEDED
    PublicStatus.objects.filter(pk=status.pk).update(posted_at=timezone.now() - timedelta(days=368))
    assert grounds(own) == []


def test_what_was_cancelled_is_shown_and_not_counted(own: Opportunity, unlike: Callable[..., Any]) -> None:
    post(unlike(team=own.team), state="cancelled")
    (match,) = splitting_records.assess(own).found.matches
    assert match.cancelled
    assert standing(own) == Standing.CLEAR


def test_what_was_awarded_counts_instead_of_the_price(own: Opportunity, unlike: Callable[..., Any]) -> None:
    status = post(unlike(team=own.team))
    PublicStatus.objects.filter(pk=status.pk).update(awarded_value=Decimal("4695.65"))
    assert standing(own) == Standing.CLEAR
    PublicStatus.objects.filter(pk=status.pk).update(awarded_value=Decimal("4695.66"))
    assert standing(own) == Standing.NEEDED


def test_a_posted_one_does_not_answer_for_what_comes_after_it(
    own: Opportunity, unlike: Callable[..., Any]
) -> None:
    post(own, timedelta(days=3))
    later = unlike(team=own.team)
    assert standing(own) == Standing.CLEAR
    assert standing(later) == Standing.NEEDED


def test_the_report_finds_what_the_screen_finds(own: Opportunity, unlike: Callable[..., Any]) -> None:
    unlike(team=own.team)
    unlike(work=own.work, title=own.title)
    for page in Opportunity.objects.filter(locale=own.locale):
        one, all_of_them = splitting_records.assess(page), splitting_records.assess_all()
        assert all_of_them[page.translation_key].found.snapshot() == one.found.snapshot()


@pytest.fixture
def same_supplier(own: Opportunity) -> Iterator[list[Evidence]]:
    told: list[Evidence] = []
    with hooks.register_temporarily(
        "microacq_splitting_evidence", lambda page: told if page.pk == own.pk else []
    ):
        yield told


def test_a_later_stage_tells_of_the_same_supplier(
    own: Opportunity, unlike: Callable[..., Any], same_supplier: list[Evidence]
) -> None:
    other = unlike()
    same_supplier.append(Evidence(other.translation_key))
    splitting_records.refresh(own)
    assert grounds(own) == [(Ground.SUPPLIER,)]
    assert splitting_records.assess_all()[own.translation_key].found.matches[0].grounds == (Ground.SUPPLIER,)


def test_one_supplier_is_shown_to_who_watches_and_asks_for_no_justification(
    own: Opportunity,
    unlike: Callable[..., Any],
    same_supplier: list[Evidence],
    author: Any,
    cfob: Any,
    client: Client,
) -> None:
    other = unlike()
    post(own)
    post(other, timedelta(days=3))
    same_supplier.append(Evidence(other.translation_key))
    splitting_records.refresh(own)
    assessment = splitting_records.assess(own)
    assert assessment.found.needs_justification and assessment.standing == Standing.CLEAR
    assert codes(own) == set()
    assert assessment.seen_by(author).matches == ()
    address = reverse("microacq_splitting", args=[own.pk])
    client.force_login(cfob)
    page = client.get(address).text
    assert 'id="same-supplier"' in page and "Same supplier" in page and "within the cap" not in page
    assert reverse("microacq_splitting", args=[other.pk]) in page
    assert own.title in client.get(reverse("microacq_splitting_report")).text
    client.force_login(author)
    page = client.get(address).text
    assert 'id="same-supplier"' not in page and "Same supplier" not in page and other.title not in page


def test_tick_compares_what_was_never_compared(own: Opportunity) -> None:
    OpportunityProfile.objects.all().delete()
    assert splitting_records.refresh_missing() == 1
    assert splitting_records.refresh_missing() == 0


# --- justification and decision ------------------------------------------------------------------------


@pytest.fixture
def split(own: Opportunity, unlike: Callable[..., Any]) -> Opportunity:
    """An opportunity that needs a justification."""
    unlike(team=own.team)
    return own


def codes(page: Any) -> set[str]:
    return {found.code for found in publication_findings(page) if found.code.startswith("splitting")}


def test_nothing_is_posted_until_cfob_has_accepted(split: Opportunity, author: Any, cfob: Any) -> None:
    assert codes(split) == {"splitting-needed"}
    justify(split, author)
    assert codes(split) == {"splitting-waiting"}
    decide(split, cfob, accept=False, reason="Say when.")
    assert codes(split) == {"splitting-refused"}
    justify(split, author, "In two years.")
    decide(split, cfob)
    assert codes(split) == set()
    assert [
        entry.action for entry in PageLogEntry.objects.filter(action__startswith="microacq.").order_by("pk")
    ] == [
        "microacq.splitting_justified",
        "microacq.splitting_refused",
        "microacq.splitting_justified",
        "microacq.splitting_accepted",
    ]
    accepted = PageLogEntry.objects.get(action="microacq.splitting_accepted")
    total = SplittingJustification.objects.latest("pk").sum_with_tax
    for language in ("en", "fr"):
        with override(language):
            assert f" {formats.money(total, language)}" in accepted.formatter.format_message(accepted)


def test_a_new_posting_voids_what_was_accepted_and_a_new_draft_answers_for_itself(
    split: Opportunity, author: Any, cfob: Any, unlike: Callable[..., Any]
) -> None:
    justify(split, author)
    decide(split, cfob)
    another = unlike(branch=split.branch)
    assert codes(split) == set()
    assert codes(another) == {"splitting-needed"}
    post(another)
    assert codes(split) == {"splitting-void"}


def test_review_begins_with_a_justification_and_not_without(split: Opportunity, author: Any) -> None:
    with pytest.raises(PublicationBlocked, match="Compare them side by side"):
        split.get_workflow().start(split, author)
    justify(split, author)
    pages.run_workflow(split, author)
    assert Opportunity.objects.get(pk=split.pk).current_workflow_state is not None


def test_the_editor_says_so_and_keeps_what_was_typed(split: Opportunity, author: Any, client: Client) -> None:
    client.force_login(author)
    address = reverse("wagtailadmin_pages:edit", args=[split.pk])
    editor = client.get(address).content.decode()
    assert "Contract splitting" in editor
    assert reverse("microacq_splitting", args=[split.pk]) in editor


def test_nobody_decides_on_their_own(split: Opportunity, user_in: Any) -> None:
    both = user_in(roles.CFOB, "both")
    both.groups.add(roles.Group.objects.get(name=roles.IT_STRATEGY))
    both = type(both).objects.get(pk=both.pk)
    justify(split, both)
    with pytest.raises(splitting_records.SplittingRefused, match="another person"):
        decide(split, both)


@pytest.mark.parametrize("role", [roles.CLIENT, roles.IT_STRATEGY, roles.AUDITOR, roles.TRANSLATOR])
def test_only_cfob_decides(split: Opportunity, author: Any, user_in: Any, role: str) -> None:
    justify(split, author)
    with pytest.raises(splitting_records.SplittingRefused, match="Only CFOB"):
        decide(split, user_in(role, "somebody"))


def test_a_decision_has_a_reason_and_is_taken_once(split: Opportunity, author: Any, cfob: Any) -> None:
    justify(split, author)
    with pytest.raises(splitting_records.SplittingRefused, match="reason"):
        decide(split, cfob, reason="  ")
    decide(split, cfob)
    with pytest.raises(splitting_records.SplittingRefused, match="No justification waits"):
        decide(split, cfob, accept=False)


def test_a_justification_is_about_what_the_author_was_shown(
    split: Opportunity, author: Any, unlike: Callable[..., Any]
) -> None:
    shown = splitting_records.assess(split).found.digest
    unlike(branch=split.branch)
    with pytest.raises(splitting_records.SplittingRefused, match="compare again"):
        splitting_records.justify(split, author, "Another need.", shown)


def test_another_client_cannot_write_it(split: Opportunity, user_in: Any) -> None:
    with pytest.raises(splitting_records.SplittingRefused, match="may edit"):
        justify(split, user_in(roles.CLIENT, "another"))


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE microacq_pages_splittingjustification SET text = 'Other'",
        "UPDATE microacq_pages_splittingjustification SET digest = repeat('0', 64)",
        "DELETE FROM microacq_pages_splittingjustification",
        "TRUNCATE microacq_pages_splittingjustification",
        "UPDATE microacq_pages_splittingjustification SET decision = 'accepted', decided_by_id = written_by_id, "
        "decided_at = now(), reason = 'x'",
        "UPDATE microacq_pages_splittingjustification SET decision = 'accepted'",
    ],
)
def test_the_database_keeps_it_too(split: Opportunity, author: Any, sql: str) -> None:
    justify(split, author)
    connection.check_constraints()
    with (
        pytest.raises(IntegrityError),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(sql)


# --- who is told what waits ----------------------------------------------------------------------------


def kinds(user: Any) -> list[tuple[str, str]]:
    return [(item.kind, item.url) for item in waiting_for(user) if item.kind.startswith("justification")]


def test_it_waits_for_the_author_then_for_cfob_then_for_nobody(
    split: Opportunity, author: Any, cfob: Any
) -> None:
    address = reverse("microacq_splitting", args=[split.pk])
    assert ("justification-to-write", address) in kinds(author)
    assert kinds(cfob) == []
    justify(split, author)
    assert ("justification-to-write", address) not in kinds(author)
    assert kinds(cfob) == [("justification", address)]
    decide(split, cfob)
    assert kinds(cfob) == []


# --- screens -------------------------------------------------------------------------------------------


def test_the_comparison_leads_back_to_where_its_reader_came_from(
    split: Opportunity, author: Any, client: Client
) -> None:
    address = reverse("microacq_splitting", args=[split.pk])
    editor = reverse("wagtailadmin_pages:edit", args=[split.pk])
    client.force_login(author)
    assert f'<p><a href="{editor}">Back to the opportunity</a></p>' in client.get(address).content.decode()
    justify(split, author)
    pages.run_workflow(split, author)
    review = reverse("microacq_review", args=[split.pk])
    assert f'<p><a href="{review}">Back to the review</a></p>' in client.get(address).content.decode()


@pytest.mark.parametrize("language", ["en", "fr"])
def test_the_comparison_is_written_and_decided_on_its_screen(
    split: Opportunity, author: Any, cfob: Any, language: str
) -> None:
    address = reverse("microacq_splitting", args=[split.pk])
    writer, decider = Client(), Client()
    writer.force_login(author)
    decider.force_login(cfob)
    with translation.override(language):
        shown = writer.get(address)
        digest = shown.context["digest"]
        empty = writer.post(address, {"act": "justify", "digest": digest, "text": " "})
        assert empty.status_code == 422
        assert writer.post(address, {"act": "justify", "digest": digest, "text": "Autre."}).status_code == 302
        waiting = SplittingJustification.objects.get()
        again = decider.post(address, {"act": "accept", "justification": waiting.pk, "reason": ""})
        assert again.status_code == 422
        old = decider.post(address, {"act": "accept", "justification": 0, "reason": "Kept what I typed"})
        assert (old.status_code, "Kept what I typed" in old.content.decode()) == (422, True)
        decider.post(address, {"act": "refuse", "justification": waiting.pk, "reason": "Why now?"})
        assert "Why now?" in writer.get(address).content.decode()
    assert standing(split) == Standing.REFUSED


ODD: list[dict[str, str]] = [
    {},
    {"act": "accept"},
    {"act": "nonsense", "text": "x"},
    {"act": "refuse", "justification": "x"},
]


@pytest.mark.parametrize("data", ODD)
def test_odd_input_is_answered_with_a_form(split: Opportunity, cfob: Any, data: dict[str, str]) -> None:
    client = Client()
    client.force_login(cfob)
    assert client.post(reverse("microacq_splitting", args=[split.pk]), data).status_code == 422


@pytest.fixture
def report(cfob: Any) -> Callable[..., Any]:
    client = Client()
    client.force_login(cfob)
    return lambda **query: client.get(reverse("microacq_splitting_report"), query)


def test_the_report_lists_filters_and_exports_without_formulas(
    own: Opportunity, unlike: Callable[..., Any], author: Any, report: Callable[..., Any]
) -> None:
    unlike(team=own.team, title="=HYPERLINK(1)")
    justify(own, author, "@SUM(1)")
    assert len(report().context["object_list"]) == 2
    waiting = report(standing="waiting").context["object_list"]
    assert [row.page_id for row in waiting] == [own.pk]
    assert len(report(words="hyperlink").context["object_list"]) == 1
    assert list(report(posted="yes").context["object_list"]) == []
    exported = b"".join(report(export="csv").streaming_content).decode()
    cells = [cell for row in csv.reader(io.StringIO(exported)) for cell in row]
    assert "'@SUM(1)" in cells
    assert "'=HYPERLINK(1)" in cells
    assert report(export="xlsx").status_code == 200


def test_report_panel_and_waiting_work_cost_the_same_for_few_and_for_many(
    own: Opportunity, author: Any, cfob: Any, report: Callable[..., Any], user_in: Any
) -> None:
    address = reverse("microacq_splitting", args=[own.pk])
    client = Client()
    client.force_login(author)

    def cost() -> list[int]:
        counts = []
        for act in (
            report,
            lambda: kinds(cfob),
            lambda: kinds(author),
            lambda: client.get(address),
        ):
            with CaptureQueriesContext(connection) as queries:
                act()
            counts.append(len(queries))
        return counts

    add_many(own, 2)
    cost()
    few = cost()
    add_many(own, 15)
    assert cost() == few


def add_many(like: Opportunity, count: int) -> None:
    """Opportunities of the same team without their translation."""
    parent = pages.index(OpportunityIndex)
    for number in range(count):
        page = Opportunity(
            title=f"One more {number}",
            slug=f"more-{Opportunity.objects.count()}",
            locale=like.locale,
            owner=like.owner,
            live=False,
            team=like.team,
            price=Decimal("5000"),
            work=f"<p>{'Something quite different. ' * 20}{number}</p>",
        )
        parent.add_child(instance=page)
        page.save_revision()
