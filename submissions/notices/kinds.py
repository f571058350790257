"""The kinds of notice that the site sends, as data.

Owns what each kind needs and whether it is private; its words are in
``templates/submissions/notices/<kind>.<language>.txt``. Imports nothing of the project.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Kind:
    """One kind of notice.

    Attributes:
        name: In the code and of its texts.
        label: What staff call it.
        needs: The values that its texts need.
        private: Whether it carries a link or personal data.
        of_a_crowd: Whether so many get it at once that mail to one person goes before it.
    """

    name: str
    label: str | Promise
    needs: frozenset[str]
    private: bool
    of_a_crowd: bool = False


def _by_name(*kinds: Kind) -> dict[str, Kind]:
    return {kind.name: kind for kind in kinds}


#: What every letter about an offer or a result says.
_ABOUT = frozenset({"number", "title", "receipt", "contact_email"})

KINDS = _by_name(
    Kind(
        "proposal_receipt",
        _("Application receipt"),
        needs=frozenset({"number", "title", "receipt", "eastern_time", "digest", "link", "contact_email"}),
        private=True,
    ),
    Kind(
        "proposal_withdrawn",
        _("Withdrawal of an application"),
        needs=frozenset({"number", "title", "receipt", "deadline", "link", "contact_email"}),
        private=True,
    ),
    Kind(
        "proposal_withdrawn_for",
        _("Withdrawal of an application by staff, on the supplier’s word"),
        needs=frozenset({"number", "title", "receipt", "deadline", "contact_email"}),
        private=True,
    ),
    Kind(
        "proposal_second",
        _("Second application from one address"),
        needs=frozenset(
            {
                "number",
                "title",
                "receipt",
                "eastern_time",
                "digest",
                "first_receipt",
                "first_time",
                "deadline",
                "confirm_link",
                "link",
                "contact_email",
            }
        ),
        private=True,
    ),
    Kind(
        "proposal_counts",
        _("Second application that counts"),
        needs=frozenset({"number", "title", "receipt", "before", "deadline", "contact_email"}),
        private=True,
    ),
    Kind(
        "proposals_waiting",
        _("Applications that wait for the owner of an address"),
        needs=frozenset({"number", "title", "waiting", "deadline", "contact_email"}),
        private=True,
    ),
    Kind(
        "link_again",
        _("Link in place of a lost one"),
        needs=frozenset({"number", "title", "receipt", "eastern_time", "deadline", "link", "contact_email"}),
        private=True,
    ),
    Kind(
        "draft_link",
        _("Link to a draft of an application"),
        needs=frozenset({"number", "title", "deadline", "link", "contact_email"}),
        private=True,
    ),
    Kind(
        "draft_reminder",
        _("Reminder of a draft that was not sent"),
        needs=frozenset({"number", "title", "deadline", "url", "contact_email"}),
        private=True,
    ),
    Kind(
        "question_published",
        _("Answer to a question"),
        needs=frozenset({"number", "title", "question", "answer", "url", "link", "contact_email"}),
        private=True,
    ),
    Kind(
        "question_corrected",
        _("Correction of an answer"),
        needs=frozenset({"number", "title", "question", "answer", "url", "link", "contact_email"}),
        private=True,
    ),
    Kind(
        "question_not_published",
        _("Question that is not published"),
        needs=frozenset({"number", "title", "reference", "reason", "url", "contact_email"}),
        private=True,
    ),
    Kind(
        "questions_waiting",
        _("Questions that wait as their deadline nears"),
        needs=frozenset({"number", "title", "count", "closes_at", "deadline", "url"}),
        private=False,
    ),
    Kind(
        "review_waiting",
        _("Text to review"),
        needs=frozenset({"title", "step", "groups", "submitter", "target", "link"}),
        private=True,
    ),
    Kind(
        "translation_waiting",
        _("Text to translate"),
        needs=frozenset({"title", "step", "groups", "submitter", "target", "link"}),
        private=True,
    ),
    Kind(
        "review_sent_back",
        _("Text sent back to its author"),
        needs=frozenset({"title", "step", "person", "reason", "link"}),
        private=True,
    ),
    Kind(
        "work_reassigned",
        _("Work given to a person"),
        needs=frozenset({"what", "in_place_of", "first_day", "last_day", "reason", "person", "link"}),
        private=True,
    ),
    Kind(
        "waiting_digest",
        _("Daily digest"),
        needs=frozenset({"day", "waiting", "own_texts", "published", "link", "settings_link"}),
        private=True,
    ),
    Kind(
        "follow_confirm",
        _("Link to confirm that one follows an opportunity"),
        needs=frozenset({"number", "title", "link", "contact_email"}),
        private=True,
    ),
    Kind(
        "follow_already",
        _("Reminder that one already follows an opportunity"),
        needs=frozenset({"number", "title", "link", "contact_email"}),
        private=True,
    ),
    Kind(
        "list_confirm",
        _("Link to confirm that one joins the mailing list"),
        needs=frozenset({"skills", "rhythm", "language", "link", "contact_email"}),
        private=True,
    ),
    Kind(
        "list_already",
        _("Reminder that one is on the mailing list already"),
        needs=frozenset({"link", "contact_email"}),
        private=True,
    ),
    Kind(
        "list_link",
        _("Link to one’s choices about mail, asked for again"),
        needs=frozenset({"link", "contact_email"}),
        private=True,
    ),
    Kind(
        "list_no_link",
        _("Answer to an address to which nothing is sent"),
        needs=frozenset({"link", "contact_email"}),
        private=True,
    ),
    Kind(
        "list_opportunity",
        _("New opportunity, to the mailing list"),
        needs=frozenset(
            {
                *("number", "title", "teaser", "price", "skills", "deadline", "url"),
                *("link", "stop_link", "contact_email"),
            }
        ),
        private=True,
        of_a_crowd=True,
    ),
    Kind(
        "list_digest",
        _("Daily digest of the mailing list"),
        needs=frozenset({"day", "posted", "closing", "link", "stop_link", "contact_email"}),
        private=True,
        of_a_crowd=True,
    ),
    Kind(
        "file_amended",
        _("Amendment of an opportunity"),
        needs=frozenset(
            {"number", "title", "amendment", "summary", "deadline", "url", "link", "contact_email"}
        ),
        private=True,
    ),
    Kind(
        "confirmation_asked",
        _("Amendment that asks to confirm or replace an application"),
        needs=frozenset({"number", "title", "amendment", "summary", "deadline", "url", "contact_email"}),
        private=True,
    ),
    Kind(
        "clarification_asked",
        _("Question to a supplier about an application"),
        needs=frozenset({"number", "title", "receipt", "question", "due", "link", "contact_email"}),
        private=True,
    ),
    Kind(
        "evaluation_reopened",
        _("Evaluation that begins again"),
        needs=frozenset({"number", "title", "receipt", "reason", "url", "contact_email"}),
        private=True,
    ),
    Kind(
        "survey_asked",
        _("Question whether one wants to answer the survey"),
        needs=frozenset({"number", "title", "link", "until", "contact_email"}),
        private=True,
    ),
    Kind(
        "closing_asked",
        _("Question how a contract went, after its end"),
        needs=frozenset({"number", "title", "link", "until", "contact_email"}),
        private=True,
    ),
    Kind(
        "act_overdue",
        _("Act on a file that is overdue"),
        needs=frozenset({"number", "title", "state", "act", "since", "due", "url"}),
        private=False,
    ),
    Kind(
        "file_cancelled",
        _("Cancellation of an opportunity"),
        needs=frozenset({"number", "title", "reason", "url", "link", "contact_email"}),
        private=True,
    ),
    Kind(
        "offer_made",
        _("Offer of the work"),
        needs=_ABOUT | {"price", "delivery_date", "expires", "link"},
        private=True,
    ),
    Kind(
        "offer_reminder",
        _("Reminder of an offer that waits"),
        needs=_ABOUT | {"price", "delivery_date", "expires", "link"},
        private=True,
    ),
    Kind(
        "offer_accepted",
        _("Copy of the terms that a supplier accepted"),
        needs=_ABOUT | {"terms", "digest", "link"},
        private=True,
    ),
    Kind(
        "offer_declined",
        _("Confirmation that a supplier declined"),
        needs=_ABOUT,
        private=True,
    ),
    Kind(
        "offer_lapsed",
        _("Offer that was not accepted in time"),
        needs=_ABOUT | {"expires"},
        private=True,
    ),
    Kind(
        "offer_not_eligible",
        _("Supplier who may not do the work, with the reason"),
        needs=_ABOUT | {"reason", "ombud"},
        private=True,
    ),
    Kind(
        "offer_withdrawn",
        _("Offer that is withdrawn, because of a mistake or a cancellation"),
        needs=_ABOUT | {"is_cancelled", "reason"},
        private=True,
    ),
    Kind(
        "award_made",
        _("Award, to the supplier"),
        needs=_ABOUT | {"price", "delivery_date", "contact", "url", "link"},
        private=True,
    ),
    Kind(
        "result_not_drawn",
        _("Result: passed, not drawn"),
        needs=_ABOUT | {"ombud", "url", "link"},
        private=True,
    ),
    Kind(
        "result_not_met",
        _("Result: did not meet every criterion, with the reasons"),
        needs=_ABOUT | {"reasons", "ombud", "url", "link"},
        private=True,
    ),
    Kind(
        "result_set_aside",
        _("Result: set aside after an amendment"),
        needs=_ABOUT | {"ombud", "url", "link"},
        private=True,
    ),
    Kind(
        "reasons_translated",
        _("Reasons of an evaluation, translated"),
        needs=_ABOUT | {"link"},
        private=True,
    ),
    Kind(
        "debrief_received",
        _("Receipt of a request for a conversation or of a complaint"),
        needs=_ABOUT | {"due", "link"},
        private=True,
    ),
    Kind(
        "debrief_answered",
        _("Answer to a request for a conversation or to a complaint"),
        needs=_ABOUT | {"ombud", "link"},
        private=True,
    ),
    Kind(
        "work_message",
        _("Message about the work, to the supplier"),
        needs=_ABOUT | {"words", "link"},
        private=True,
    ),
    Kind(
        "work_extension",
        _("Later delivery date asked or answered, to the supplier"),
        needs=_ABOUT | {"news", "delivery_date", "link"},
        private=True,
    ),
    Kind(
        "work_received",
        _("Receipt of delivered work"),
        needs=_ABOUT | {"round", "rounds", "commit", "link"},
        private=True,
    ),
    Kind(
        "work_not_accepted",
        _("Delivered work that does not meet every criterion"),
        needs=_ABOUT | {"news", "mend", "link"},
        private=True,
    ),
    Kind(
        "work_accepted",
        _("Accepted work, to the supplier"),
        needs=_ABOUT | {"commit", "price", "link"},
        private=True,
    ),
    Kind(
        "work_due",
        _("Reminder that the work is due"),
        needs=_ABOUT | {"due", "link"},
        private=True,
    ),
    Kind(
        "work_dispute_raised",
        _("Dispute that the department raised, to the supplier"),
        needs=_ABOUT | {"words", "link"},
        private=True,
    ),
    Kind(
        "work_dispute_settled",
        _("Settlement of a dispute, to the supplier"),
        needs=_ABOUT | {"words", "link"},
        private=True,
    ),
    Kind(
        "contract_end_proposed",
        _("Proposal to end a contract for convenience"),
        needs=_ABOUT | {"percentage", "amount", "reason", "link"},
        private=True,
    ),
    Kind(
        "contract_ended",
        _("End of a contract without the whole work, to the supplier"),
        needs=_ABOUT | {"news", "reason", "ombud", "link"},
        private=True,
    ),
    Kind(
        "invoice_asked",
        _("Reminder that the invoice is awaited"),
        needs=_ABOUT | {"price", "link"},
        private=True,
    ),
    Kind(
        "invoice_received",
        _("Receipt of an invoice"),
        needs=_ABOUT | {"invoice", "total", "link"},
        private=True,
    ),
    Kind(
        "invoice_returned",
        _("Invoice sent back to the supplier, with the reason"),
        needs=_ABOUT | {"invoice", "reason", "link"},
        private=True,
    ),
    Kind(
        "payment_made",
        _("Payment, to the supplier"),
        needs=_ABOUT | {"invoice", "total", "paid_on", "reference", "link"},
        private=True,
    ),
    Kind(
        "payment_waiting",
        _("Invoice to approve or to pay, to staff"),
        needs=frozenset({"number", "title", "supplier", "news", "act", "total", "url"}),
        private=True,
    ),
    Kind(
        "work_waiting",
        _("Something that happened in the work, to staff"),
        needs=frozenset({"number", "title", "supplier", "news", "act", "delivery_date", "url"}),
        private=True,
    ),
)
"""Every kind, by name."""


#: What the floor below sends through Django's mail functions, with words of its own.
KINDS_OF_PAGES: dict[str, str | Promise] = {
    "request_received": _("Request to look at"),
    "request_decided": _("Decision about a request"),
}


def kind_label(name: str) -> str:
    """What staff call a kind, in their language; mail that Django or Wagtail sends has no kind of ours."""
    if name in KINDS:
        return str(KINDS[name].label)
    return str(KINDS_OF_PAGES.get(name, _("Other message")))
