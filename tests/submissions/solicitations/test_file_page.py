"""The list of procurement files and the page of one, as staff see them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from wagtail import hooks
from wagtail.admin.admin_url_finder import AdminURLFinder
from wagtail.admin.ui.components import Component
from wagtail.users.models import UserProfile

from microacq_pages import roles
from submissions.solicitations import services
from submissions.solicitations.models import Solicitation
from tests.factories import proposals

pytestmark = pytest.mark.django_db

SignIn = Callable[[Any], Client]
LIST = "solicitations:index"


def page_of(solicitation: Solicitation) -> str:
    return reverse("solicitations:inspect", args=[solicitation.pk])


def soup(response: Any) -> BeautifulSoup:
    assert response.status_code == 200, response.headers
    return BeautifulSoup(response.content, "html.parser")


def part(response: Any, name: str) -> BeautifulSoup:
    found = soup(response).find(id=f"file-{name}-section")
    assert found is not None, name
    return found


def text(element: Any) -> str:
    return " ".join(element.get_text(" ").split())


def rows(element: Any) -> list[list[str]]:
    return [[text(cell) for cell in row.find_all(["th", "td"])] for row in element.find_all("tr")[1:]]


def numbers(response: Any) -> list[str]:
    return [text(link) for link in soup(response).select("td.title a")]


def test_the_list_shows_number_title_state_deadline_and_price(
    posted: Solicitation, cfob: Any, signed_in: SignIn
) -> None:
    response = signed_in(cfob).get(reverse(LIST))

    line = text(soup(response).select_one("table.listing tbody tr"))
    assert posted.number in line
    assert "Accessible date picker" in line
    assert "Open" in line
    assert "Eastern time" in line
    assert "$6,500" in line


def test_the_list_speaks_french_to_those_who_read_french(
    posted: Solicitation, cfob: Any, signed_in: SignIn
) -> None:
    UserProfile.objects.create(user=cfob, preferred_language="fr")

    response = signed_in(cfob).get(reverse(LIST))

    line = text(soup(response).select_one("table.listing tbody tr"))
    assert "[fr] Accessible date picker" in line
    assert "heure de l’Est" in line
    assert "6\N{NO-BREAK SPACE}500\N{NO-BREAK SPACE}$" in soup(response).get_text()


def test_the_state_in_the_list_is_decided_by_the_clock_of_the_database(
    posted: Solicitation, cfob: Any, signed_in: SignIn
) -> None:
    proposals.pass_deadline(posted)

    line = text(soup(signed_in(cfob).get(reverse(LIST))).select_one("table.listing tbody tr"))

    assert "Closed" in line


QUERIES: list[tuple[dict[str, Any], set[str]]] = [
    ({"taking": "yes"}, {"open"}),
    ({"taking": "no"}, {"closed", "cancelled"}),
    ({"state": "cancelled"}, {"cancelled"}),
    ({"state": ["posted", "cancelled"]}, {"open", "closed", "cancelled"}),
    ({"year": "1999"}, {"open", "closed", "cancelled"}),  # an unknown year is quietly left aside
    ({"q": "calendar"}, {"closed"}),
    ({"q": "carte"}, {"cancelled"}),
    ({"q": "0001"}, {"open"}),
    ({"q": "nothing like it"}, set()),
]


def test_the_list_can_be_filtered_and_searched(
    it_strategy: Any, signed_in: SignIn, posted: Solicitation
) -> None:
    named = {
        "open": posted,
        "closed": proposals.make_file(titles=("Open calendar", "Calendrier ouvert")),
        "cancelled": proposals.make_file(titles=("Map", "Carte")),
    }
    proposals.pass_deadline(named["closed"])
    services.transition(
        named["cancelled"],
        "cancel",
        user=it_strategy,
        reason="Not needed any more.",
        reason_fr="Plus nécessaire.",
    )
    browser = signed_in(it_strategy)

    for query, found in QUERIES:
        response = browser.get(reverse(LIST), query)
        assert set(numbers(response)) == {named[name].number for name in found}, query


def test_the_list_asks_as_many_questions_for_many_files_as_for_one(
    posted: Solicitation, cfob: Any, signed_in: SignIn
) -> None:
    browser = signed_in(cfob)
    browser.get(reverse(LIST))
    with CaptureQueriesContext(connection) as few:
        browser.get(reverse(LIST))
    for _ in range(4):
        proposals.make_file()
    with CaptureQueriesContext(connection) as many:
        assert len(numbers(browser.get(reverse(LIST)))) == 5

    assert len(many) == len(few)


def test_clients_see_their_own_files_only(
    posted: Solicitation, author: Any, other_client: Any, client: Client
) -> None:
    client.force_login(other_client)
    assert numbers(client.get(reverse(LIST))) == []
    assert client.get(page_of(posted)).status_code == 302

    client.force_login(author)
    assert numbers(client.get(reverse(LIST))) == [posted.number]
    assert client.get(page_of(posted)).status_code == 200


def test_translators_have_no_files(posted: Solicitation, translator: Any, signed_in: SignIn) -> None:
    browser = signed_in(translator)

    assert browser.get(reverse(LIST)).status_code == 302
    assert browser.get(page_of(posted)).status_code == 302
    assert reverse(LIST) not in browser.get(reverse("wagtailadmin_home")).content.decode()


def test_nothing_of_a_file_can_be_added_edited_or_deleted(
    posted: Solicitation, admin: Any, signed_in: SignIn
) -> None:
    browser = signed_in(admin)
    base = reverse(LIST)

    for address in ("new/", "edit/1/", f"edit/{posted.pk}/", f"delete/{posted.pk}/", f"{posted.pk}/delete/"):
        assert browser.get(f"{base}{address}", follow=True).status_code == 404
        assert browser.post(f"{base}{address}", follow=True).status_code == 404
    assert "/new/" not in browser.get(base).content.decode()


def test_the_facts_lead_to_both_public_pages_and_to_the_editor_of_who_may_edit(
    posted: Solicitation, it_strategy: Any, cfob: Any, client: Client
) -> None:
    client.force_login(it_strategy)
    facts = part(client.get(page_of(posted)), "facts")

    shown = text(facts)
    assert "Accessible date picker" in shown
    assert "[fr] Accessible date picker" in shown
    assert "$6,500" in shown
    assert "$7,475" in shown
    assert "MIT" in shown
    addresses = [link["href"] for link in facts.find_all("a")]
    english, french = (posted.page(language) for language in ("en", "fr"))
    for page in (english, french):
        assert any(page.url in address for address in addresses)
    assert reverse("wagtailadmin_pages:edit", args=[english.pk]) in addresses

    client.force_login(cfob)
    addresses = [link["href"] for link in part(client.get(page_of(posted)), "facts").find_all("a")]
    assert not any("/admin/" in address for address in addresses)


def test_the_timeline_tells_planned_and_actual_dates(
    posted: Solicitation, cfob: Any, signed_in: SignIn
) -> None:
    steps = rows(part(signed_in(cfob).get(page_of(posted)), "timeline"))

    assert [step[0] for step in steps] == [
        "Posted",
        "Deadline to apply",
        "Applications opened",
        "Supplier selected",
        "Work delivered",
    ]
    assert [step[2] == "Not yet" for step in steps] == [False, True, True, True, True]
    assert "Eastern time" in steps[1][1]


def test_the_timeline_of_a_cancelled_file_ends_there(
    posted: Solicitation, it_strategy: Any, signed_in: SignIn
) -> None:
    services.transition(
        posted, "cancel", user=it_strategy, reason="The need is gone.", reason_fr="Le besoin n’existe plus."
    )

    steps = rows(part(signed_in(it_strategy).get(page_of(posted)), "timeline"))

    assert [step[0] for step in steps] == ["Posted", "Cancelled"]


def test_who_did_what_names_the_people_in_order(
    posted: Solicitation, it_strategy: Any, signed_in: SignIn
) -> None:
    services.transition(
        posted, "cancel", user=it_strategy, reason="The need is gone.", reason_fr="Le besoin n’existe plus."
    )

    acts = rows(part(signed_in(it_strategy).get(page_of(posted)), "acts"))

    assert acts[-1][1:] == [
        it_strategy.get_full_name(),
        f"Cancelled {posted.number}: The need is gone.",
        "The file",
    ]
    assert {"English page", "French page", "The file"} == {act[3] for act in acts}


def test_what_one_person_does_over_and_over_is_one_line(
    posted: Solicitation, author: Any, it_strategy: Any, signed_in: SignIn
) -> None:
    page = posted.page("en")
    for index in range(5):
        page.teaser = f"Teaser {index}."
        page.save_revision(user=author, log_action=True)

    acts = rows(part(signed_in(it_strategy).get(page_of(posted)), "acts"))

    assert acts[-1][2].endswith("(5 times)")


def test_the_page_asks_no_more_questions_for_a_long_history(
    posted: Solicitation, author: Any, cfob: Any, signed_in: SignIn
) -> None:
    browser = signed_in(cfob)
    browser.get(page_of(posted))
    with CaptureQueriesContext(connection) as few:
        browser.get(page_of(posted))
    page = posted.page("en")
    for index in range(6):
        page.title = f"Title {index}"
        page.save_revision(user=author, log_action=True)
    with CaptureQueriesContext(connection) as many:
        browser.get(page_of(posted))

    assert len(many) == len(few)


def test_the_posted_text_stands_in_both_languages_with_its_digest(
    posted: Solicitation, cfob: Any, signed_in: SignIn
) -> None:
    shown = part(signed_in(cfob).get(page_of(posted)), "posted-text")

    assert posted.current_posting.digest in text(shown)
    english, french = (text_of(shown, language) for language in ("en", "fr"))
    assert "Show skill 1." in english
    assert "[fr]" not in english
    assert "[fr] Show skill 1." in french


def text_of(element: Any, language: str) -> str:
    return " ".join(text(part) for part in element.find_all(lang=language))


def test_later_stages_add_their_parts(posted: Solicitation, cfob: Any, signed_in: SignIn) -> None:
    class Proposals(Component):
        def render_html(self, parent_context: Any = None) -> str:
            return "three applications"

    asked: list[Any] = []

    def answer(solicitation: Solicitation, user: Any) -> list[Component]:
        asked.append((solicitation, user))
        return [Proposals()]

    with hooks.register_temporarily("file_panels", answer):
        content = signed_in(cfob).get(page_of(posted)).content.decode()

    assert asked == [(posted, cfob)]
    assert content.index("file-timeline-section") < content.index("three applications")
    assert content.index("three applications") < content.index("file-acts-section")


def test_reports_link_to_the_page_of_a_file(posted: Solicitation, cfob: Any, other_client: Any) -> None:
    assert AdminURLFinder(cfob).get_edit_url(posted) == page_of(posted)
    assert AdminURLFinder(other_client).get_edit_url(posted) is None


# --- decisions ---------------------------------------------------------------------------------


def transition_of(solicitation: Solicitation, name: str = "cancel") -> str:
    return reverse("solicitations:transition", args=[solicitation.pk, name])


def test_who_may_cancel_is_offered_it_and_nobody_else(
    posted: Solicitation, it_strategy: Any, author: Any, client: Client
) -> None:
    client.force_login(it_strategy)
    assert transition_of(posted) in client.get(page_of(posted)).content.decode()
    client.force_login(author)
    assert transition_of(posted) not in client.get(page_of(posted)).content.decode()


def test_asking_is_not_deciding(posted: Solicitation, it_strategy: Any, signed_in: SignIn) -> None:
    form = soup(signed_in(it_strategy).get(transition_of(posted), {"reason": "The need is gone."}))

    assert form.find("textarea", {"name": "reason"}) is not None
    posted.refresh_from_db()
    assert posted.state == "posted"


def test_cancelling_with_a_reason_changes_the_file_and_what_the_public_reads(
    posted: Solicitation, it_strategy: Any, signed_in: SignIn
) -> None:
    response = signed_in(it_strategy).post(
        transition_of(posted),
        {"reason": "The need is gone.", "reason_fr": "Le besoin n’existe plus."},
        follow=True,
    )

    assert response.redirect_chain[-1][0] == page_of(posted)
    posted.refresh_from_db()
    assert (posted.state, posted.state_reason) == ("cancelled", "The need is gone.")
    assert posted.page("en").public_status.public_label == "Cancelled"
    assert "The need is gone." in text(part(response, "decisions"))


def test_cancelling_without_a_reason_is_refused(
    posted: Solicitation, it_strategy: Any, signed_in: SignIn
) -> None:
    response = signed_in(it_strategy).post(transition_of(posted), {"reason": "  "})

    assert "Write the reason" in text(soup(response))
    posted.refresh_from_db()
    assert posted.state == "posted"


def test_cancelling_twice_is_refused_with_a_sentence(
    posted: Solicitation, it_strategy: Any, signed_in: SignIn
) -> None:
    browser = signed_in(it_strategy)
    services.transition(
        posted, "cancel", user=it_strategy, reason="The need is gone.", reason_fr="Le besoin n’existe plus."
    )

    response = browser.post(transition_of(posted), {"reason": "Again.", "reason_fr": "Encore."})

    assert "this can no longer be done" in text(soup(response))
    posted.refresh_from_db()
    assert posted.state_reason == "The need is gone."


@pytest.mark.django_db(databases=["default", "refusals"])
@pytest.mark.parametrize("role", [roles.CLIENT, roles.CFOB, roles.EVALUATOR, roles.FINANCE, roles.AUDITOR])
def test_an_attempt_without_the_permission_is_refused_and_recorded(
    posted: Solicitation,
    author: Any,
    user_in: Callable[..., Any],
    signed_in: SignIn,
    refusals: Any,
    role: str,
) -> None:
    person = author if role == roles.CLIENT else user_in(role)

    response = signed_in(person).post(transition_of(posted), {"reason": "I want it."})

    assert response.status_code == 302
    posted.refresh_from_db()
    assert posted.state == "posted"
    entry = refusals.get(action="file.decision_refused")
    assert (entry.user_id, entry.data["act"]) == (person.pk, "file.cancelled")


def test_opening_is_not_done_from_the_page_of_the_file(
    posted: Solicitation, it_strategy: Any, signed_in: SignIn
) -> None:
    proposals.pass_deadline(posted)

    for name in ("open", "unheard-of"):
        assert signed_in(it_strategy).post(transition_of(posted, name), follow=True).status_code == 404
    posted.refresh_from_db()
    assert posted.state == "posted"
