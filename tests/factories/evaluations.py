"""Files that were opened and evaluated, as tests of this and later stages need them."""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from typing import Any

from microacq_pages import roles
from submissions.evaluation import assigning, boards, handing_in, judging
from submissions.evaluation.models import Assignment, Round, Verdict
from submissions.notices import crypto
from submissions.proposals import custody, opening
from submissions.proposals.models import OpenedProposal, Proposal
from submissions.proposals.sealing import SupplierLink
from submissions.solicitations.models import Solicitation
from submissions.solicitations.services import transition
from tests.factories import people, proposals


def evaluator(username: str = "evaluator") -> Any:
    """The person who evaluates under this name, made now unless there is one."""
    from django.contrib.auth import get_user_model

    found = get_user_model().objects.filter(username=username).first()
    return found or people.make_user(roles.EVALUATOR, username)


def opened(count: int = 2, *, file: Solicitation | None = None, criteria: int = 1) -> Solicitation:
    """A file that was opened with so many applications, by the one person of IT Strategy."""
    file = file or proposals.make_file(criteria=criteria)
    for number in range(1, count + 1):
        proposals.send(file, name=f"Supplier {number}", email=f"supplier{number}@example.org")
    proposals.pass_deadline(file)
    opening.open_proposals(file, people.the(roles.IT_STRATEGY), custody.custodian_identities())
    return file


def named(file: Solicitation, *usernames: str, attested: bool = True) -> list[Assignment]:
    """Evaluators of an opened file, named by IT Strategy."""
    found = []
    for username in usernames or ("evaluator",):
        assignment = assigning.assign(file, evaluator(username), user=people.the(roles.IT_STRATEGY))
        if attested:
            assignment = assigning.attest(assignment, user=assignment.evaluator)
        found.append(assignment)
    return found


def judge_all(assignment: Assignment, *, failing: Collection[str] = ()) -> None:
    """Give every verdict of an evaluator; applications with these receipt numbers fail each criterion."""
    board = boards.read(assignment.round)
    for candidate in board.candidates:
        fails = candidate.proposal.receipt_number in failing
        for item in board.items:
            judging.judge(
                assignment,
                user=assignment.evaluator,
                candidate=candidate,
                item=item,
                choice=not fails,
                reason="It shows no such work." if fails else "It shows two years of such work.",
            )


def submitted(file: Solicitation, *, failing: Collection[str] = (), by: str = "evaluator") -> Round:
    """The round of an opened file, judged by one evaluator and handed in."""
    (assignment,) = named(file, by)
    judge_all(assignment, failing=failing)
    handing_in.hand_in(assignment, user=assignment.evaluator)
    assignment.round.refresh_from_db()
    return assignment.round


def evaluated(
    count: int = 3, *, failing: int = 1, file: Solicitation | None = None, criteria: int = 1
) -> Solicitation:
    """A file whose evaluation CFOB signed off; the first ``failing`` receipt numbers did not pass."""
    file = opened(count, file=file, criteria=criteria)
    submitted(file, failing=receipts(file)[:failing])
    return transition(file, "sign_off", user=people.the(roles.CFOB))


def receipts(file: Solicitation) -> Sequence[str]:
    """The receipt numbers of the opened applications, sorted."""
    opened_ones = Proposal.objects.filter(solicitation=file, opened__isnull=False)
    return list(opened_ones.order_by("receipt_number").values_list("receipt_number", flat=True))


def _contact_of(number: int) -> str:
    known = {"address": f"supplier{number}@example.org", "language": "en" if number % 2 else "fr"}
    return crypto.encrypt(json.dumps(known).encode()).decode()


def crowd(count: int, *, criteria: int = 3, file: Solicitation | None = None) -> Solicitation:
    """An opened file with many applications, made without sealing each of them."""
    file = file or proposals.make_file(criteria=criteria)
    link = SupplierLink.generate()
    text: dict[str, Any] = dict(proposals.text_for(file, link))
    posting = file.current_posting
    sealed = b"age-encryption.org/v1 of a crowd"
    rows = [
        Proposal(
            solicitation=file,
            posting_id=posting.pk,
            receipt_number=f"R-C{number:03d}-{file.pk % 10000:04d}",
            sealed=sealed,
            text_digest=f"{number:064x}",
            link_digest=f"{file.pk:032x}{number:032x}",
            contact=_contact_of(number),
            address_digest=f"{file.pk:032x}{number:032x}",
            language="en" if number % 2 else "fr",
        )
        for number in range(count)
    ]
    made = Proposal.objects.bulk_create(rows, batch_size=200)
    proposals.pass_deadline(file)
    paragraph = "I built a date picker with tests, see https://forge.example.org/somebody/picker. " * 12
    texts = [
        {
            **text,
            "name": f"Supplier Number{number}",
            "email": f"supplier{number}@example.org",
            "answers": dict.fromkeys(text["answers"], f"{paragraph} Supplier Number{number}."),
        }
        for number in range(count)
    ]
    OpenedProposal.objects.bulk_create(
        [
            OpenedProposal(proposal=row, locked_text=custody.lock(json.dumps(each).encode()))
            for row, each in zip(made, texts, strict=True)
        ],
        batch_size=200,
    )
    proposals.pretend_state(file, "opened")
    return file


def judge_in_bulk(assignment: Assignment) -> None:
    """Give every verdict of an evaluator at once."""
    board = boards.read(assignment.round)
    Verdict.objects.bulk_create(
        [
            Verdict(
                assignment=assignment,
                candidate_id=candidate,
                item_id=item,
                choice=True,
                reason="It shows two years of such work, in public, with tests. " * 3,
                language="en",
            )
            for candidate, item in board.cells
        ],
        batch_size=500,
    )
