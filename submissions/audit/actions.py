"""The acts that the audit knows, as data.

Owns the name, the label and the sentence of each act, and their registration with Wagtail's log. A sentence
may name values of the log row's ``data`` as ``%(key)s``; a row without them shows the label instead. Add an
act here before recording it: Wagtail refuses to log an act that is not registered. Imports no model and no
stage.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from wagtail.log_actions import LogActionRegistry, LogFormatter

from microacq_pages import formats

from .codes import in_words

Text = str | Promise


@dataclass(frozen=True)
class Act:
    """One kind of act: its name in the log, its label for lists and filters, its sentence for a reader."""

    name: str
    label: Text
    sentence: Text
    refusal: bool = False


ACTS: tuple[Act, ...] = (
    # Publication and review
    Act("publication.refused", _("Publication refused"), _("Publication refused: %(reasons)s"), refusal=True),
    Act("approval.refused", _("Approval refused"), _("Approval refused: %(reasons)s"), refusal=True),
    Act("roles.applied", _("Roles applied"), _("Applied the roles and their permissions")),
    # The procurement file
    Act("file.posted", _("File posted"), _("Posted as %(number)s")),
    Act("file.amended", _("File amended"), _("Published amendment %(amendment)s to %(number)s")),
    Act(
        "file.extended",
        _("Deadline extended after an outage"),
        _("Extended %(number)s after an outage, as amendment %(amendment)s"),
    ),
    Act("file.posted_again", _("Posted again"), _("Began a new opportunity from %(number)s")),
    Act("file.cancelled", _("File cancelled"), _("Cancelled %(number)s: %(reason)s")),
    Act(
        "file.decision_refused",
        _("Decision refused"),
        _("Decision “%(act)s” on %(number)s refused: %(reasons)s"),
        refusal=True,
    ),
    Act(
        "file.opening_asked",
        _("Opening asked for"),
        _("Asked for the applications to %(number)s to be opened"),
    ),
    Act("file.opened", _("Applications opened"), _("Opened the applications to %(number)s: %(count)s")),
    Act(
        "file.ended_empty",
        _("Ended without an application"),
        _("Ended %(number)s: there was no application to open"),
    ),
    Act("file.opening_failed", _("Opening failed"), _("Could not open the applications to %(number)s")),
    Act(
        "file.verified",
        _("File proved again"),
        _("Proved %(number)s again, comparing the opened texts: %(checks)s checks, %(failed)s failed"),
    ),
    Act("file.open_refused", _("Opening refused"), _("Opening of %(number)s refused"), refusal=True),
    # Selection
    Act(
        "draw.committed",
        _("Secret of a draw committed to"),
        _("Published the commitment of a random selection for %(number)s"),
    ),
    Act("draw.frozen", _("List frozen"), _("Froze the list of %(number)s: %(count)s passed every criterion")),
    Act(
        "draw.entered",
        _("Public input entered"),
        _("Entered the public input of the random selection of %(number)s"),
    ),
    Act("draw.drawn", _("Random selection carried out"), _("Carried out the random selection of %(number)s")),
    Act("draw.voided", _("List voided"), _("Voided list %(list)s of %(number)s")),
    Act(
        "draw.refused",
        _("Act of a random selection refused"),
        _("Act “%(act)s” on %(number)s refused: %(reasons)s"),
        refusal=True,
    ),
    Act("file.selected", _("Supplier selected"), _("Selected the supplier of %(number)s")),
    Act(
        "file.none_suitable",
        _("Ended without a selection"),
        _("Ended %(number)s: no application met every criterion"),
    ),
    # Questions and answers
    Act("question.received", _("Question received"), _("Received question %(question)s about %(number)s")),
    Act("question.accepted", _("Question accepted"), _("Accepted question %(question)s about %(number)s")),
    Act(
        "question.answered",
        _("Answer written"),
        _("Wrote the answer to question %(question)s about %(number)s"),
    ),
    Act(
        "question.translating",
        _("Answer sent to translation"),
        _("Sent question %(question)s about %(number)s to translation"),
    ),
    Act(
        "question.published",
        _("Answer published"),
        _("Published question %(question)s about %(number)s in both languages, version %(version)s"),
    ),
    Act(
        "question.corrected",
        _("Correction of an answer begun"),
        _("Began to correct the answer to question %(question)s about %(number)s: %(reason)s"),
    ),
    Act(
        "question.merged",
        _("Question merged"),
        _("Merged question %(question)s about %(number)s into %(kept)s"),
    ),
    Act(
        "question.rejected",
        _("Question turned away"),
        _("Did not publish question %(question)s about %(number)s: %(reason)s"),
    ),
    Act(
        "question.sent_to_faq",
        _("Question sent to the frequently asked questions"),
        _("Sent question %(question)s about %(number)s to the frequently asked questions"),
    ),
    Act(
        "question.purged",
        _("Personal data of a question erased"),
        _("Erased what could tell who asked question %(question)s about %(number)s"),
    ),
    Act(
        "question.decision_refused",
        _("Decision on a question refused"),
        _("Decision “%(act)s” on question %(question)s refused: %(reasons)s"),
        refusal=True,
    ),
    # Applications
    Act("proposal.received", _("Application received"), _("Received application %(receipt)s to %(number)s")),
    Act(
        "proposal.replaced",
        _("Application replaced"),
        _("Received application %(receipt)s to %(number)s in place of %(replaces)s"),
    ),
    Act(
        "proposal.withdrawn", _("Application withdrawn"), _("Withdrew application %(receipt)s to %(number)s")
    ),
    Act(
        "proposal.waits",
        _("Second application received"),
        _("Received application %(receipt)s to %(number)s, which waits for the owner of its address"),
    ),
    Act(
        "proposal.counts",
        _("Second application counts"),
        _("The owner of the address let application %(receipt)s to %(number)s count"),
    ),
    Act(
        "proposal.entered",
        _("Application entered by staff"),
        _("Entered application %(receipt)s to %(number)s for a supplier"),
    ),
    Act(
        "proposal.link_handed",
        _("Link handed over"),
        _("Showed a link to hand over with the receipt of application %(receipt)s to %(number)s"),
    ),
    Act(
        "proposal.withdrawn_for",
        _("Application withdrawn by staff"),
        _("Withdrew application %(receipt)s to %(number)s on the word of its supplier"),
    ),
    Act(
        "proposal.reach_shown",
        _("Supplier without e-mail shown"),
        _("Saw how to reach the supplier of application %(receipt)s to %(number)s, to tell of an amendment"),
    ),
    Act(
        "proposal.told",
        _("Supplier told of an amendment"),
        _("Told the supplier of application %(receipt)s of amendment %(amendment)s to %(number)s"),
    ),
    Act("proposal.link_asked", _("Lost link asked for"), _("Somebody asked for a lost link to %(number)s")),
    Act(
        "proposal.link_mailed",
        _("Link mailed again"),
        _("Mailed a link in place of a lost one for application %(receipt)s to %(number)s"),
    ),
    Act(
        "proposal.confirmed",
        _("Application confirmed"),
        _("Confirmed application %(receipt)s to %(number)s for amendment %(amendment)s"),
    ),
    Act(
        "proposal.refused", _("Application refused"), _("Refused an application to %(number)s"), refusal=True
    ),
    Act(
        "proposal.entry_refused",
        _("Entering an application refused"),
        _("Entering an application to %(number)s refused"),
        refusal=True,
    ),
    Act("proposal.listed", _("Applications listed"), _("Listed the applications to %(number)s")),
    Act("proposal.read", _("Application read"), _("Read application %(receipt)s to %(number)s")),
    Act(
        "proposal.read_refused",
        _("Reading refused"),
        _("Reading applications to %(number)s refused"),
        refusal=True,
    ),
    Act(
        "draft.reminded",
        _("Reminders of drafts"),
        _("Reminded those whose application to %(number)s is not sent yet: %(count)s"),
    ),
    Act("draft.deleted", _("Drafts deleted"), _("Deleted drafts of applications to %(number)s: %(count)s")),
    # Offer, award, debrief
    Act(
        "offer.made",
        _("Work offered"),
        _("Offered the work of %(number)s for application %(receipt)s, number %(rank)s in the order"),
    ),
    Act(
        "offer.accepted",
        _("Offer accepted"),
        _("The supplier of application %(receipt)s to %(number)s accepted the terms"),
    ),
    Act(
        "offer.declined",
        _("Offer declined"),
        _("The supplier of application %(receipt)s to %(number)s declined the work"),
    ),
    Act(
        "offer.lapsed",
        _("Offer lapsed"),
        _("The supplier of application %(receipt)s to %(number)s did not answer in time"),
    ),
    Act(
        "offer.not_eligible",
        _("Supplier not eligible"),
        _("Found the supplier of application %(receipt)s to %(number)s not eligible"),
    ),
    Act(
        "offer.voided",
        _("Offer withdrawn"),
        _("Withdrew the offer for application %(receipt)s to %(number)s"),
    ),
    Act(
        "offer.countersigned",
        _("Award signed for the department"),
        _("Signed the award of %(number)s for application %(receipt)s"),
    ),
    Act(
        "offer.acceptance_read",
        _("Acceptance read"),
        _("Read what the supplier of application %(receipt)s to %(number)s accepted"),
    ),
    Act(
        "offer.confirmation_received",
        _("Confirmation of a government employee received"),
        _("Received the confirmation of a government employee for application %(receipt)s to %(number)s"),
    ),
    Act(
        "offer.confirmation_read",
        _("Confirmation of a government employee read"),
        _("Read the confirmation of a government employee for application %(receipt)s to %(number)s"),
    ),
    Act(
        "offer.terms_printed",
        _("Terms taken to print"),
        _("Took the terms for the supplier of application %(receipt)s to %(number)s, to be signed on paper"),
    ),
    Act(
        "offer.answered_for",
        _("Answer to an offer entered for a supplier"),
        _("Entered for the supplier of application %(receipt)s to %(number)s: %(what)s (%(how)s)"),
    ),
    Act(
        "offer.confirmation_attached_for",
        _("Confirmation of a government employee attached for a supplier"),
        _("Attached the confirmation of a government employee for application %(receipt)s to %(number)s"),
    ),
    Act(
        "supplier.reach_shown",
        _("Supplier shown"),
        _("Saw how to reach the supplier of application %(receipt)s to %(number)s"),
    ),
    Act(
        "offer.refused",
        _("Act on an offer refused"),
        _("“%(act)s” on %(number)s refused: %(reasons)s"),
        refusal=True,
    ),
    Act("file.awarded", _("Work awarded"), _("Awarded the work of %(number)s")),
    Act(
        "file.ended_unaccepted",
        _("Ended without an award"),
        _("Ended %(number)s: nobody in the order accepted the work"),
    ),
    Act(
        "reasons.translation_requested",
        _("Translation of reasons asked for"),
        _("The supplier of application %(receipt)s to %(number)s asked for the reasons in another language"),
    ),
    Act(
        "reasons.read",
        _("Reasons read to translate them"),
        _("Read the reasons given on application %(receipt)s to %(number)s, to translate them"),
    ),
    Act(
        "reasons.translated",
        _("Reasons translated"),
        _("Translated the reasons given on application %(receipt)s to %(number)s"),
    ),
    Act(
        "debrief.asked",
        _("Conversation asked for"),
        _("The supplier of application %(receipt)s to %(number)s asked for a conversation"),
    ),
    Act(
        "debrief.complaint",
        _("Complaint received"),
        _("Received a complaint of the supplier of application %(receipt)s to %(number)s"),
    ),
    Act(
        "debrief.read",
        _("Message after the result read"),
        _("Read what the supplier of application %(receipt)s to %(number)s wrote"),
    ),
    Act(
        "debrief.answered",
        _("Supplier answered after the result"),
        _("Answered the supplier of application %(receipt)s to %(number)s"),
    ),
    # Following by mail
    Act("following.confirmed", _("Following confirmed"), _("Somebody follows %(number)s by mail")),
    Act("following.stopped", _("Following stopped"), _("Somebody stopped following %(number)s by mail")),
    # Announcing elsewhere
    Act(
        "file.announced",
        _("Announced elsewhere"),
        _("Recorded where %(number)s was announced: %(channel)s"),
    ),
    Act(
        "file.announcement_struck",
        _("Announcement struck out"),
        _("Struck out a mistaken record of where %(number)s was announced: %(channel)s"),
    ),
    # The mailing list
    Act("subscription.confirmed", _("Joined the mailing list"), _("Somebody joined the mailing list")),
    Act("subscription.stopped", _("Left the mailing list"), _("Somebody left the mailing list")),
    Act(
        "list.told",
        _("Mailing list told of an opportunity"),
        _("Told the mailing list of %(number)s at once; number of letters: %(count)s"),
    ),
    Act(
        "subscriber.set_aside",
        _("Address set aside"),
        _("Set aside an address from which mail came back: %(status)s"),
    ),
    Act(
        "subscriber.restored",
        _("Address written to again"),
        _("An address that was set aside is written to again"),
    ),
    # Evaluation
    Act(
        "evaluation.assigned",
        _("Evaluator named"),
        _("Named %(person)s an evaluator of %(number)s, round %(round)s"),
    ),
    Act(
        "evaluation.released",
        _("Evaluator released"),
        _("Released %(person)s from the evaluation of %(number)s, round %(round)s"),
    ),
    Act(
        "evaluation.conflict",
        _("Conflict of interest declared"),
        _("Declared a conflict of interest in %(number)s, round %(round)s"),
    ),
    Act(
        "evaluation.attested",
        _("No conflict of interest attested"),
        _("Attested to have no conflict of interest in %(number)s, round %(round)s"),
    ),
    Act(
        "evaluation.handed_in",
        _("Verdicts handed in"),
        _("Handed in the verdicts on %(number)s, round %(round)s"),
    ),
    Act(
        "evaluation.agreed",
        _("Verdicts agreed"),
        _("Agreed to the verdicts on %(number)s, round %(round)s"),
    ),
    Act(
        "evaluation.submitted",
        _("Evaluation submitted"),
        _("Submitted the evaluation of %(number)s, round %(round)s, for sign-off"),
    ),
    Act(
        "evaluation.sent_back",
        _("Evaluation sent back"),
        _("Sent the evaluation of %(number)s, round %(round)s, back: %(reason)s"),
    ),
    Act("file.evaluated", _("Evaluation signed off"), _("Signed the evaluation of %(number)s off")),
    Act(
        "file.evaluation_reopened",
        _("Evaluation reopened"),
        _("Reopened the evaluation of %(number)s: %(reason)s"),
    ),
    Act(
        "evaluation.read",
        _("Applications read for the evaluation"),
        _("Read applications to %(number)s without names: %(labels)s"),
    ),
    Act(
        "evaluation.recognized",
        _("Supplier recognized"),
        _("Said that application %(label)s to %(number)s tells who sent it"),
    ),
    Act(
        "evaluation.hidden",
        _("Passages hidden"),
        _("Hid passages of application %(label)s to %(number)s: %(count)s"),
    ),
    Act(
        "evaluation.names_looked_at",
        _("Texts looked at for names"),
        _("Looked at applications to %(number)s for what tells who sent them: %(labels)s"),
    ),
    Act(
        "clarification.asked",
        _("Clarification asked"),
        _("Asked the supplier of application %(label)s to %(number)s a question"),
    ),
    Act(
        "clarification.answered",
        _("Clarification answered"),
        _("The supplier of application %(label)s to %(number)s answered"),
    ),
    Act(
        "clarification.answered_for",
        _("Clarification entered for a supplier"),
        _("Entered what the supplier of application %(label)s to %(number)s answered (%(how)s)"),
    ),
    Act(
        "working_translation.requested",
        _("Working translation requested"),
        _("Requested a working translation of application %(label)s to %(number)s"),
    ),
    Act(
        "working_translation.read",
        _("Application read for its translation"),
        _("Read application %(label)s to %(number)s without names, to translate it"),
    ),
    Act(
        "working_translation.written",
        _("Working translation written"),
        _("Wrote a working translation of application %(label)s to %(number)s"),
    ),
    Act(
        "evaluation.refused",
        _("Act of an evaluation refused"),
        _("Act “%(act)s” in the evaluation of %(number)s refused: %(reasons)s"),
        refusal=True,
    ),
    # The work
    Act("contract.started", _("Contract started"), _("Began the contract of %(number)s")),
    Act("contract.message_sent", _("Message about the work"), _("Wrote about the work of %(number)s")),
    Act(
        "contract.extension_asked",
        _("Later delivery date asked"),
        _("Asked for a later delivery date of %(number)s: %(until)s"),
    ),
    Act(
        "contract.extension_agreed",
        _("Delivery date extended"),
        _("Agreed to a later delivery date of %(number)s: %(until)s"),
    ),
    Act(
        "contract.extension_refused",
        _("Later delivery date not agreed"),
        _("Did not agree to a later delivery date of %(number)s: %(until)s"),
    ),
    Act(
        "contract.delivered", _("Work delivered"), _("The work of %(number)s was delivered, round %(round)s")
    ),
    Act(
        "contract.evidence_read",
        _("Evidence read"),
        _("Downloaded the results of a check of %(number)s, round %(round)s"),
    ),
    Act(
        "contract.judged",
        _("Delivered work judged"),
        _("Judged round %(round)s of %(number)s: %(met)s of %(of)s criteria are met"),
    ),
    Act(
        "contract.concurred",
        _("Judgement confirmed"),
        _("Concurred with the judgement of round %(round)s of %(number)s"),
    ),
    Act(
        "contract.not_concurred",
        _("Judgement not confirmed"),
        _("Did not concur with the judgement of round %(round)s of %(number)s"),
    ),
    Act("contract.accepted", _("Work accepted"), _("Accepted the work of %(number)s, commit %(commit)s")),
    Act("contract.paid", _("Contract paid"), _("The contract of %(number)s was paid")),
    Act("contract.dispute_raised", _("Dispute raised"), _("Raised a dispute about the work of %(number)s")),
    Act(
        "contract.dispute_settled", _("Dispute settled"), _("Settled a dispute about the work of %(number)s")
    ),
    Act(
        "contract.end_proposed",
        _("End of a contract proposed"),
        _("Proposed to end the contract of %(number)s (%(kind)s): %(percentage)s percent is paid"),
    ),
    Act(
        "contract.end_refused",
        _("End of a contract not agreed"),
        _("Did not agree to end the contract of %(number)s (%(kind)s)"),
    ),
    Act(
        "contract.ended_default",
        _("Contract terminated for default"),
        _("Terminated the contract of %(number)s for default"),
    ),
    Act(
        "contract.ended_convenience",
        _("Contract terminated for convenience"),
        _("Terminated the contract of %(number)s for convenience: %(percentage)s percent is paid"),
    ),
    Act(
        "contract.withdrawn",
        _("Supplier withdrew from the work"),
        _("The supplier withdrew from the contract of %(number)s"),
    ),
    Act(
        "contract.entered_for",
        _("Act of a supplier entered"),
        _("Entered for the supplier of %(number)s what came by telephone or on paper (%(what)s, %(how)s)"),
    ),
    Act(
        "contract.history_read",
        _("Earlier contracts looked at"),
        _("Saw whether the next supplier of %(number)s had not delivered earlier"),
    ),
    Act(
        "contract.refused",
        _("Act of a contract refused"),
        _("Act “%(act)s” about the contract of %(number)s refused: %(reasons)s"),
        refusal=True,
    ),
    # Payment: never a number of a card or of an account
    Act(
        "payment.invoice_received",
        _("Invoice received"),
        _("The invoice %(invoice)s of %(number)s was received: %(total)s CAD"),
    ),
    Act("payment.invoice_read", _("Invoice read"), _("Read the invoice %(invoice)s of %(number)s")),
    Act(
        "payment.invoice_returned",
        _("Invoice sent back"),
        _("Sent the invoice %(invoice)s of %(number)s back to the supplier"),
    ),
    Act(
        "payment.approved",
        _("Invoice approved under section 34"),
        _("Approved the invoice %(invoice)s of %(number)s under section 34: %(total)s CAD"),
    ),
    Act(
        "payment.recorded",
        _("Payment recorded"),
        _(
            "Recorded the payment of the invoice %(invoice)s of %(number)s: %(total)s CAD; days to pay: %(days)s"
        ),
    ),
    Act(
        "reuse.entered",
        _("Code entered into the catalogue"),
        _("Entered the code of %(number)s into the catalogue"),
    ),
    Act(
        "reuse.changed",
        _("Entry of the catalogue put right"),
        _("Put the entry of %(number)s in the catalogue right"),
    ),
    Act("offer.ended", _("Award ended"), _("The award of %(number)s to application %(receipt)s ended")),
    Act("file.work_accepted", _("Work accepted"), _("The work of %(number)s was accepted")),
    Act("file.completed", _("File completed"), _("Completed %(number)s: accepted and paid")),
    Act("file.passed_on", _("Work passed on"), _("Passed %(number)s on to the next in the order")),
    Act(
        "file.terminated", _("Ended: contract terminated"), _("Ended %(number)s: the contract was terminated")
    ),
    # The survey: never an answer
    Act(
        "survey.asked",
        _("Suppliers asked to answer the survey"),
        _("Asked suppliers of %(number)s to answer the survey: %(count)s"),
    ),
    Act(
        "survey.released",
        _("Survey answers added to the sums"),
        _("Added %(count)s survey answers of %(year)s to the sums"),
    ),
    # Reporting
    Act("tracker_view.saved", _("View of the tracker saved"), _("Saved view %(view)s of the tracker")),
    Act("tracker_view.deleted", _("View of the tracker deleted"), _("Deleted view %(view)s of the tracker")),
    Act(
        "observation.entered",
        _("Number read elsewhere entered"),
        _("Entered a number read elsewhere: %(kind)s, %(value)s"),
    ),
    Act(
        "closing.asked",
        _("Client and supplier asked how it went"),
        _("Asked client and supplier of %(number)s how it went; number of letters: %(count)s"),
    ),
    # Records of the file; what begins with “records.” changes nothing in what is written down
    Act(
        "records.written", _("File written down"), _("Wrote down %(number)s; number of documents: %(count)s")
    ),
    Act(
        "records.asked_again",
        _("Writing asked for again"),
        _("Asked for the documents of %(number)s to be written again"),
    ),
    Act("records.downloaded", _("Whole file fetched"), _("Fetched the whole file %(number)s")),
    Act(
        "records.published",
        _("Open data published"),
        _("Published what happened to %(number)s as open data; number of releases: %(count)s"),
    ),
    Act(
        "records.refused",
        _("Records refused"),
        _("Records of %(number)s refused: %(reasons)s"),
        refusal=True,
    ),
    Act(
        "file.disclosed",
        _("Package for access to information made"),
        _("Made a package of %(number)s for the request %(reference)s"),
    ),
    Act(
        "records.package_read",
        _("Package for access to information fetched"),
        _("Fetched the package of %(number)s for the request %(reference)s"),
    ),
    Act(
        "file.personal_data_erased",
        _("Personal data erased"),
        _("Erased personal data of %(number)s; number of values: %(count)s; certificate %(digest)s"),
    ),
    # Keys
    Act("trial_seal.passed", _("Trial seal opened"), _("A trial seal could be opened")),
    Act("trial_seal.failed", _("Trial seal failed"), _("A trial seal could not be opened")),
    # Mail
    Act("message.retried", _("Message tried again"), _("Asked for another attempt after %(attempts)s")),
    Act("notice_text.in_force", _("Mail text put in force"), _("Put a mail text in force for “%(kind)s”")),
    Act("notice_text.withdrawn", _("Mail text withdrawn"), _("Withdrew the mail text of “%(kind)s”")),
    Act("message.abandoned", _("Message given up"), _("Given up; number of attempts: %(attempts)s")),
)

#: Refusals that lower floors name themselves and report through the hook ``microacq_refused``.
REPORTED = ("request.decision_refused",)
REFUSALS = (*(act.name for act in ACTS if act.refusal), *REPORTED)
"""Names of the acts that record that something was refused."""


#: Names of acts that stand in the data of others, as what was refused.
_LABELS = {act.name: act.label for act in ACTS}
_AMOUNT = re.compile(r"\d+\.\d\d")


def in_language(data: Any, language: str) -> Any:
    """The data of a log row as its reader says it: acts and codes in words, amounts, and reasons given in both."""
    said = {**data, **in_words(data)}
    if data.get("act") in _LABELS:
        said["act"] = str(_LABELS[data["act"]])
    if language.startswith("fr"):
        for name, value in data.items():
            if isinstance(value, str) and _AMOUNT.fullmatch(value):
                said[name] = formats.number(Decimal(value), "fr")
        if data.get("reason_fr"):
            said["reason"] = data["reason_fr"]
    return said


class ActFormatter(LogFormatter):
    """Turns one kind of act into words, in the reader's language."""

    def __init__(self, act: Act) -> None:
        self.act = act
        self.label = act.label

    def format_message(self, log_entry: Any) -> Text:
        """The sentence of the act, or its label when the row lacks a value that the sentence names."""
        try:
            return str(self.act.sentence) % in_language(log_entry.data, get_language() or "en")
        except (AttributeError, KeyError, TypeError, ValueError):
            return self.act.label


def register_acts(registry: LogActionRegistry) -> None:
    """Make every act known to Wagtail's log; an act that another app registered first keeps its own words."""
    for act in ACTS:
        if act.name not in registry.formatters:
            registry.formatters[act.name] = ActFormatter(act)
            registry.choices.append((act.name, act.label))
