"""The acts that the audit knows, as data.

Owns the name, the label and the sentence of each act, and their registration with Wagtail's log. A sentence
may name values of the log row's ``data`` as ``%(key)s``; a row without them shows the label instead. Add an
act here before recording it: Wagtail refuses to log an act that is not registered. Imports no model and no
stage.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from wagtail.log_actions import LogActionRegistry, LogFormatter

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
    # Following by mail
    Act("following.confirmed", _("Following confirmed"), _("Somebody follows %(number)s by mail")),
    Act("following.stopped", _("Following stopped"), _("Somebody stopped following %(number)s by mail")),
    # The mailing list
    Act("subscription.confirmed", _("Joined the mailing list"), _("Somebody joined the mailing list")),
    Act("subscription.stopped", _("Left the mailing list"), _("Somebody left the mailing list")),
    Act(
        "list.told",
        _("Mailing list told of an opportunity"),
        _("Told the mailing list of %(number)s at once: %(count)s letters"),
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
    # Keys
    Act("trial_seal.passed", _("Trial seal opened"), _("A trial seal could be opened")),
    Act("trial_seal.failed", _("Trial seal failed"), _("A trial seal could not be opened")),
    # Mail
    Act("message.retried", _("Message tried again"), _("Asked for another attempt after %(attempts)s")),
    Act("notice_text.in_force", _("Mail text put in force"), _("Put a mail text in force for “%(kind)s”")),
    Act("notice_text.withdrawn", _("Mail text withdrawn"), _("Withdrew the mail text of “%(kind)s”")),
    Act("message.abandoned", _("Message given up"), _("Given up after %(attempts)s attempts")),
)

#: Refusals that lower floors name themselves and report through the hook ``microacq_refused``.
REPORTED = ("request.decision_refused",)
REFUSALS = (*(act.name for act in ACTS if act.refusal), *REPORTED)
"""Names of the acts that record that something was refused."""


class ActFormatter(LogFormatter):
    """Turns one kind of act into words, in the reader's language."""

    def __init__(self, act: Act) -> None:
        self.act = act
        self.label = act.label

    def format_message(self, log_entry: Any) -> Text:
        """The sentence of the act, or its label when the row lacks a value that the sentence names."""
        try:
            return str(self.act.sentence) % log_entry.data
        except (KeyError, TypeError, ValueError):
            return self.act.label


def register_acts(registry: LogActionRegistry) -> None:
    """Make every act known to Wagtail's log; an act that another app registered first keeps its own words."""
    for act in ACTS:
        if act.name not in registry.formatters:
            registry.formatters[act.name] = ActFormatter(act)
            registry.choices.append((act.name, act.label))
