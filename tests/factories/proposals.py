"""Files and proposals as tests need them: a posted file, a deadline that has passed, a valid application."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db import connection, transaction

from microacq_pages.models import PublicStatus
from submissions.contracts import posted as delivery_posted
from submissions.gate import looking
from submissions.proposals import posted, services
from submissions.proposals.forms import ProposalForm
from submissions.proposals.models import Proposal
from submissions.proposals.pages import ProposalFormPage
from submissions.proposals.sealing import SupplierLink
from submissions.proposals.texts import ProposalText
from submissions.solicitations.enums import ItemKind
from submissions.solicitations.models import PostedItem, Posting, Solicitation
from submissions.solicitations.services import database_clock, next_in_series
from tests.factories import pages

SAMPLE = {
    "name": "Camille Tremblay",
    "business_name": "",
    "email": "camille@example.org",
    "correspondence_language": "en",
    "age_and_capacity": "on",
    "status": "canadian",
}


@transaction.atomic
def make_file(
    *,
    days: int = 20,
    criteria: int = 1,
    titles: tuple[str, str] = ("Accessible date picker", "Sélecteur de date accessible"),
    client: Any = None,
) -> Solicitation:
    """A file that takes applications for some days, as posting makes it, without the pages it was posted from."""
    now = database_clock()
    sequence = next_in_series(now.year)
    deadline = now + timedelta(days=days)
    key = uuid.uuid4()
    file = Solicitation.objects.create(
        number=f"MA-{now.year}-{sequence:04d}",
        year=now.year,
        sequence=sequence,
        translation_key=key,
        title_en=titles[0],
        title_fr=titles[1],
        price=Decimal("6500"),
        licence="MIT",
        repository="https://example.org/repository",
        deadline=deadline,
        selection_date=(deadline + timedelta(days=4)).date(),
        delivery_date=(deadline + timedelta(days=30)).date(),
        client=client,
        posted_at=now,
    )
    PublicStatus.objects.create(
        translation_key=key, number=file.number, posted_at=now, deadline=deadline, state=file.state
    )
    posting = Posting.objects.create(solicitation=file, digest=uuid.uuid4().hex * 2)
    items = [
        PostedItem(
            kind=ItemKind.EVALUATION,
            identity=uuid.uuid4(),
            position=position,
            text_en=f"<p>Show skill {position}.</p>",
            text_fr=f"<p>Démontrez la compétence {position}.</p>",
            word_limit=250,
        )
        for position in range(1, criteria + 1)
    ]
    items += [
        PostedItem(
            kind=ItemKind.ACCEPTANCE,
            identity=uuid.uuid4(),
            position=position,
            text_en=f"<p>The code does thing {position}.</p>",
            text_fr=f"<p>Le code fait la chose {position}.</p>",
        )
        for position in (1, 2)
    ]
    of_page: Any = file  # has what is asked of a page, and no page
    items += [*posted.posting_items(of_page, of_page), *delivery_posted.posting_items()]
    for item in items:
        item.posting = posting
    PostedItem.objects.bulk_create(items)
    return file


def make_posted_file(author: Any, approver: Any, **kwargs: Any) -> Solicitation:
    """The file of an opportunity that went live in both languages."""
    page = pages.make_posted_opportunity(author, approver, **kwargs)
    return Solicitation.objects.get(translation_key=page.translation_key)


def form_page(language: str = "en") -> ProposalFormPage:
    """The live form page of a language."""
    return ProposalFormPage.objects.get(locale__language_code=language)


def set_deadline(file: Solicitation, *, after: timedelta = timedelta(0)) -> datetime:
    """Put the deadline at so long after this transaction’s now(), as if that much time had gone by.

    The rules of the database are off meanwhile: they let nobody move a deadline to an earlier time.
    """
    deadline = database_clock() + after
    posted_at = min(file.posted_at, deadline - timedelta(days=1))
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute(
            "UPDATE submissions_solicitation SET deadline = %s, posted_at = %s WHERE id = %s",
            [deadline, posted_at, file.pk],
        )
        cursor.execute(
            "UPDATE microacq_pages_publicstatus SET deadline = %s, posted_at = %s WHERE number = %s",
            [deadline, posted_at, file.number],
        )
        cursor.execute("SET session_replication_role = DEFAULT")
    file.refresh_from_db()
    return deadline


def pretend_state(file: Solicitation, state: str) -> None:
    """Put a file into a state as if all that leads there had been done; the rules of the database are off meanwhile."""
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute("UPDATE submissions_solicitation SET state = %s WHERE id = %s", [state, file.pk])
        cursor.execute(
            "UPDATE microacq_pages_publicstatus SET state = %s WHERE number = %s", [state, file.number]
        )
        cursor.execute("SET session_replication_role = DEFAULT")
    file.refresh_from_db()


def pass_deadline(file: Solicitation) -> None:
    """Let the deadline be long enough ago that the file can be opened."""
    set_deadline(file, after=-timedelta(hours=1))


def answers(file: Solicitation, language: str = "en", **changes: Any) -> dict[str, Any]:
    """What a person sends who fills in every field of the form; ``changes`` by name of the field."""
    posting = file.current_posting
    form = ProposalForm(None, items=posting.items.all(), language=language)
    named = form.named
    data: dict[str, Any] = {
        **SAMPLE,
        "correspondence_language": language,
        **dict.fromkeys(named.answers, "I built a keyboard-accessible date picker."),
        **dict.fromkeys(named.questions, "My answer"),
        **dict.fromkeys([*named.checklist, *named.confirmations, *named.terms], "on"),
        "posting": posting.digest,
        "stamp": looking.new_stamp(f"apply/{file.number}"),
    }
    return {**data, **changes}


def text_for(file: Solicitation, link: SupplierLink, language: str = "en", **changes: Any) -> ProposalText:
    """A valid text to be sealed."""
    posting = file.current_posting
    form = ProposalForm(answers(file, language, **changes), items=posting.items.all(), language=language)
    assert form.is_valid(), form.errors
    return form.proposal_text(number=file.number, posting=posting.digest, link=link)


def send(
    file: Solicitation, link: SupplierLink | None = None, language: str = "en", **changes: Any
) -> tuple[Proposal, SupplierLink]:
    """A proposal that was received, and the link that opens it."""
    link = link or SupplierLink.generate()
    text = text_for(file, link, language, **changes)
    page = {"en": "en/apply", "fr": "fr/presenter-une-demande"}[text["correspondence_language"]]
    received = services.receive(
        solicitation=file,
        posting=file.current_posting,
        link=link,
        text=text,
        link_address=f"https://example.org/{page}/link/{link.token}/",
    )
    return received.proposal, link


def enter(file: Solicitation, user: Any, *, telephone: str = "613 555-0142", **changes: Any) -> Proposal:
    """A proposal that a member of staff entered for a supplier without e-mail."""
    link = SupplierLink.generate()
    text = text_for(file, link, **changes)
    text["email"], text["telephone"] = "", telephone
    return services.receive(
        solicitation=file,
        posting=file.current_posting,
        link=link,
        text=text,
        link_address="",
        entry=services.Entry(by=user, how="telephone", taken_at=database_clock(), key=uuid.uuid4()),
    ).proposal
