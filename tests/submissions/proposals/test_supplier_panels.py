"""What a supplier’s link says of what becomes of the application, and that an outage is made good for suppliers too."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from wagtail import hooks
from wagtail.admin.ui.components import Component

from submissions.notices.models import OutgoingMessage
from submissions.proposals import custody, opening, services, supplier_panels
from submissions.proposals.models import Proposal
from submissions.proposals.sealing import SupplierLink
from submissions.solicitations import outage
from submissions.solicitations.services import database_clock, transition
from tests.factories import proposals

pytestmark = pytest.mark.django_db

ADDRESSES = {"en": "/en/apply/", "fr": "/fr/presenter-une-demande/"}


def status(client: Client, link: SupplierLink, language: str = "en") -> str:
    content = client.get(f"{ADDRESSES[language]}link/{link.token}/").content.decode()
    found = re.search(r'<section class="status".*?</section>', content, re.S)
    assert found
    return " ".join(re.sub(r"<[^>]+>", " ", found.group(0)).split())


@pytest.mark.parametrize(
    ("language", "sealed", "closed", "opened", "withdrawn"),
    [
        ("en", "nobody but you", "opened next", "were opened", "You withdrew"),
        ("fr", "personne d’autre que vous", "prochaine étape", "ont été ouvertes", "Vous avez retiré"),
    ],
)
def test_the_link_follows_the_file_in_plain_words_with_dates(
    client: Client,
    file: Any,
    it_strategy: Any,
    language: str,
    sealed: str,
    closed: str,
    opened: str,
    withdrawn: str,
) -> None:
    _proposal, link = proposals.send(file)
    _gone, gone = proposals.send(file, email="gone@example.org")
    services.withdraw(gone, link_address="https://example.org/")
    year = str(database_clock().year)
    assert sealed in status(client, link, language)
    assert withdrawn in status(client, gone, language)
    assert year in status(client, link, language)
    proposals.pass_deadline(file)
    assert closed in status(client, link, language)
    opening.open_proposals(file, it_strategy, custody.custodian_identities())
    assert opened in status(client, link, language)
    assert withdrawn in status(client, gone, language)


def test_a_cancellation_is_said(client: Client, file: Any, it_strategy: Any) -> None:
    _proposal, link = proposals.send(file)
    transition(
        file, "cancel", user=it_strategy, reason="The need is gone.", reason_fr="Le besoin n’existe plus."
    )
    assert "was cancelled" in status(client, link)


def test_what_waits_and_what_counts_follow_alike(client: Client, file: Any, it_strategy: Any) -> None:
    """Whoever used somebody else’s address does not learn from the status that another counts."""
    _first, first = proposals.send(file)
    _later, later = proposals.send(file)
    assert status(client, first) == status(client, later)
    proposals.pass_deadline(file)
    opening.open_proposals(file, it_strategy, custody.custodian_identities())
    assert status(client, first) == status(client, later)


def test_later_stages_add_panels_in_their_order(client: Client, file: Any) -> None:
    class Decided(Component):
        order = 50

        def render_html(self, parent_context: Any = None) -> str:
            return "<p>Decided: here</p>"

    proposal, link = proposals.send(file)
    asked: list[tuple[Proposal, str]] = []

    def answer(proposal: Proposal, language: str) -> list[Component]:
        asked.append((proposal, language))
        return [Decided()]

    with hooks.register_temporarily("supplier_panels", answer):
        panels = supplier_panels.panels_of(proposal, "en")
        assert [type(panel) for panel in panels] == [Decided, supplier_panels.StatusPanel]
        assert "Decided: here" in client.get(f"/fr/presenter-une-demande/link/{link.token}/").content.decode()
    assert asked == [(proposal, "en"), (proposal, "fr")]


# --- an outage -------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["en", "fr"])
def test_after_an_outage_suppliers_apply_change_confirm_and_withdraw_again(
    client: Client, author: Any, it_strategy: Any, language: str
) -> None:
    file = proposals.make_posted_file(author, it_strategy)
    _sent, link = proposals.send(file)
    _gone, gone = proposals.send(file, email="gone@example.org")
    root = ADDRESSES[language]
    proposals.set_deadline(file, after=-timedelta(minutes=30))
    data = proposals.answers(file, language, link=SupplierLink.generate().token, email="late@example.org")
    late = client.post(f"{root}{file.number}/", data)
    assert late.status_code == 410
    assert "late@example.org" in late.content.decode()
    assert "change/" not in client.get(f"{root}link/{link.token}/").content.decode()

    now = database_clock()
    outage.extend(
        outage.Outage(start=now - timedelta(hours=2), end=now - timedelta(minutes=10), days=2), it_strategy
    )

    file.refresh_from_db()
    assert client.get(f"{root}{file.number}/").status_code == 200
    # What was typed against the posting of before is shown again; sent anew, it arrives.
    assert client.post(f"{root}{file.number}/", data).status_code == 409
    assert client.post(f"{root}{file.number}/", {**data, **_asked_now(file, language)}).status_code == 303
    assert "change/" in client.get(f"{root}link/{link.token}/").content.decode()
    changed = proposals.answers(file, language, link=link.token, name="Changed")
    assert client.post(f"{root}link/{link.token}/change/", changed).status_code == 303
    assert client.post(f"{root}link/{gone.token}/withdraw/").status_code == 303
    assert sorted(file.proposals.values_list("state", flat=True)) == ["replaced", "sent", "sent", "withdrawn"]
    assert file.proposals.standing().count() == 2
    assert OutgoingMessage.objects.filter(kind="file_amended").count() == 2


def _asked_now(file: Any, language: str) -> dict[str, Any]:
    return proposals.answers(file, language, email="late@example.org")
