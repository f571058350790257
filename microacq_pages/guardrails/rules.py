"""The rules: one table of everything that a lawful and complete opportunity is held to.

Each has a stable code, the occasions on which it is asked, whether it stops the opportunity or asks for attention, a
sentence that says what to do, where it comes from, the field to go to and the page of the guide that explains it. What
is looked for is in ``checks`` and ``dates``. Imports no page type.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from microacq_pages.blockers import Level

from . import checks, dates, wording
from .checks import Check
from .subject import ALWAYS, POSTING, Occasion


@dataclass(frozen=True)
class Rule:
    """One rule.

    Attributes:
        code: Stable name.
        check: Gives what it finds.
        sentence: What is the matter and what to do, filled with what the check found.
        field: Field of the form to go to.
        source: Policy or document that it comes from.
        guidance: Topic of the client’s guide.
        level: Whether it stops the opportunity.
        occasions: When it is asked.
        of_author: Whether the author alone can mend it, so that the text is not submitted before.
    """

    code: str
    check: Check
    sentence: Any
    field: str = ""
    source: Any = ""
    guidance: str = ""
    level: Level = Level.BLOCKER
    occasions: frozenset[Occasion] = ALWAYS
    of_author: bool = True


TEMPLATE = _("Business case, annex C: fields of an opportunity")
BUSINESS_CASE = _("Business case, section 2: at most $10,000 with tax")
PROCUREMENT = _("Directive on the Management of Procurement")
FAIRNESS = _("Directive on the Management of Procurement: fair, open and transparent")
FINANCES = _("Financial Administration Act, section 32")
LANGUAGES = _("Official Languages Act, Part IV")
OPEN_SOURCE = _("Open Source Definition; SPDX licence list")
IN_THE_OPEN = _("Business case: the work is done in an open repository")
SECURITY = _("Directive on Security Management: only unclassified information")
NO_CLEARANCE = _("Client user guide: suppliers need no clearance, all work is done in the open")
PROCESS = _("Client user guide: the process and its dates")
ESTIMATING = _("Client user guide: rate × (hours + 10 hours of administration)")
EFFORT = _("Client user guide: at most 37.5 hours of work a week")
PASS_OR_FAIL = _("Business case: applications pass or fail each criterion")
STYLE = _("Canada.ca Content Style Guide: plain language")
TYPOGRAPHY = _("The Canadian Style; Le guide du rédacteur (Translation Bureau)")

MISSING = _("Missing: %(name)s.")
NAMES = (
    ("teaser", _("the short description"), "process"),
    ("background", _("the background"), "plain-language"),
    ("work", _("the description of the work"), "plain-language"),
    ("repository", _("the address of the repository"), "process"),
    ("contact_name", _("the name of the contact"), "process"),
    ("contact_email", _("the e-mail address of the contact"), "process"),
    ("project", _("the project"), "splitting"),
    ("department", _("the department"), "process"),
    ("branch", _("the branch"), "splitting"),
    ("team", _("the team"), "splitting"),
    ("price", _("the fixed price"), "estimating"),
    ("licence", _("the licence"), "process"),
    ("deadline", _("the deadline to apply"), "process"),
    ("selection_date", _("the selection date"), "process"),
    ("delivery_date", _("the delivery date"), "process"),
)
LISTS = (
    ("missing-opportunity-skills", "opportunity_skills", _("at least one required skill"), "process"),
    (
        "missing-criteria",
        "criteria",
        _("at least one application evaluation criterion"),
        "evaluation-criteria",
    ),
    (
        "missing-acceptance-criteria",
        "acceptance_criteria",
        _("at least one work acceptance criterion"),
        "acceptance-criteria",
    ),
)
CONFIRMATIONS = (
    ("confirm_standalone", _("that this is a standalone piece of work")),
    ("confirm_no_internal_capacity", _("that nobody in the department is available to do it")),
    ("confirm_unclassified", _("that only unclassified information is involved")),
    ("confirm_not_split", _("that it is not split from a larger need")),
    ("confirm_funds_committed", _("that funds are committed under section 32")),
)
_CONFIRMED_BY = {
    "confirm_unclassified": (SECURITY, "unclassified"),
    "confirm_funds_committed": (FINANCES, "process"),
}


class Filled:
    """A sentence with the name of what is missing, in the language of whoever reads it."""

    def __init__(self, sentence: Any, **values: Any) -> None:
        self.sentence = sentence
        self.values = values

    def __mod__(self, values: dict[str, Any]) -> str:
        return str(self.sentence % {**self.values, **values})


COMPLETE = (
    *(
        Rule(
            f"missing-{field.replace('_', '-')}",
            checks.blank(field),
            Filled(MISSING, name=name),
            field,
            TEMPLATE,
            topic,
        )
        for field, name, topic in NAMES
    ),
    *(
        Rule(code, checks.no_rows(relation), Filled(MISSING, name=name), relation, TEMPLATE, topic)
        for code, relation, name, topic in LISTS
    ),
    *(
        Rule(
            field.replace("_", "-"),
            checks.blank(field),
            Filled(
                _("The client has not confirmed %(statement)s: tick it if it is true."), statement=statement
            ),
            field,
            *_CONFIRMED_BY.get(field, (PROCUREMENT, "splitting")),
        )
        for field, statement in CONFIRMATIONS
    ),
    Rule(
        "missing-section-32",
        checks.blank("section_32_reference"),
        Filled(MISSING, name=_("the section 32 reference")),
        "section_32_reference",
        FINANCES,
        "process",
    ),
    Rule(
        "title-too-long",
        checks.title_too_long,
        _("The title has more than %(limit)d characters: shorten it."),
        "title",
        TEMPLATE,
        "plain-language",
    ),
    Rule(
        "skill-in-one-language",
        checks.skill_in_one_language,
        _("The skill “%(name)s” has no name in this language: translate it."),
        "opportunity_skills",
        LANGUAGES,
        of_author=False,
    ),
    Rule(
        "attachment-in-one-language",
        checks.attachment_in_one_language,
        _("The attachment “%(title)s” has no document in this language: add it."),
        "attachments",
        LANGUAGES,
        of_author=False,
    ),
)

MONEY = (
    Rule(
        "price-over-cap",
        checks.price_over_cap,
        _("The price is over $8,695.65: with the highest sales tax it would pass $10,000. Lower it."),
        "price",
        BUSINESS_CASE,
        "estimating",
    ),
    Rule(
        "no-estimate",
        checks.no_estimate,
        _("Give the estimated hours and the hourly rate, so that price and dates can be checked."),
        "estimated_hours",
        ESTIMATING,
        "estimating",
        Level.WARNING,
    ),
    Rule(
        "rate-unusual",
        checks.rate_unusual,
        _(
            "The hourly rate is not between %(lowest)s and %(highest)s, which is usual for these skills: check it."
        ),
        "hourly_rate",
        ESTIMATING,
        "estimating",
        Level.WARNING,
    ),
    Rule(
        "price-not-as-estimated",
        checks.price_not_as_estimated,
        _("By your estimate the price would be %(worth)s: check the price, the hours and the rate."),
        "price",
        ESTIMATING,
        "estimating",
        Level.WARNING,
    ),
)

PLACES = (
    Rule(
        "licence-unknown",
        checks.licence_unknown,
        _("The licence is not an SPDX identifier: write one such as MIT, Apache-2.0 or GPL-3.0-or-later."),
        "licence",
        OPEN_SOURCE,
        "process",
    ),
    Rule(
        "licence-not-osi",
        checks.licence_not_approved,
        _(
            "“%(licence)s” is not approved by the Open Source Initiative: choose an open-source licence such as MIT."
        ),
        "licence",
        OPEN_SOURCE,
        "process",
    ),
    Rule(
        "repository-not-https",
        checks.repository_not_https,
        _("The address of the repository does not begin with https://: correct it."),
        "repository",
        IN_THE_OPEN,
        "process",
    ),
    Rule(
        "repository-host",
        checks.repository_not_on_a_host,
        _(
            "The repository is not on a public code host: give the address of a repository on one of these: %(hosts)s."
        ),
        "repository",
        IN_THE_OPEN,
        "process",
    ),
    Rule(
        "contact-elsewhere",
        checks.contact_elsewhere,
        _(
            "The contact’s e-mail address is not the department’s: use one that ends in one of these: %(domains)s."
        ),
        "contact_email",
        TEMPLATE,
        "process",
    ),
)

DATES = (
    Rule(
        "expires",
        dates.expires,
        _("An opportunity stays public once it is posted: remove the time at which it would come down."),
        "expire_at",
        PROCESS,
        "process",
    ),
    Rule(
        "date-far-off",
        dates.far_off,
        _("This date is more than five years away: check the year."),
        "deadline",
        PROCESS,
        "process",
        occasions=POSTING,
    ),
    Rule(
        "deadline-passed",
        dates.deadline_passed,
        _("The deadline to apply is not after the posting: choose a later one."),
        "deadline",
        PROCESS,
        "process",
        occasions=POSTING,
    ),
    Rule(
        "deadline-too-soon",
        dates.deadline_too_soon,
        _(
            "The deadline to apply is less than %(days)d business days after the posting: choose %(earliest)s or later."
        ),
        "deadline",
        PROCESS,
        "process",
        occasions=POSTING,
    ),
    Rule(
        "deadline-on-weekend",
        dates.deadline_on_weekend,
        _("The deadline to apply is on a weekend: choose a day from Monday to Thursday."),
        "deadline",
        PROCESS,
        "process",
        occasions=POSTING,
    ),
    Rule(
        "deadline-on-federal-holiday",
        dates.deadline_on_federal_holiday,
        _("The deadline to apply is on a federal holiday: choose another day."),
        "deadline",
        PROCESS,
        "process",
        occasions=POSTING,
    ),
    Rule(
        "deadline-on-provincial-holiday",
        dates.deadline_on_provincial_holiday,
        _("The deadline to apply is on a holiday in %(places)s: choose another day."),
        "deadline",
        PROCESS,
        "process",
        occasions=POSTING,
    ),
    Rule(
        "deadline-on-friday",
        dates.deadline_on_friday,
        _("The deadline to apply is on a Friday: nobody can help suppliers that night. Prefer another day."),
        "deadline",
        PROCESS,
        "process",
        Level.WARNING,
        POSTING,
    ),
    Rule(
        "deadline-hour",
        dates.deadline_at_another_hour,
        _("Applications close at %(hours)s, Eastern time: set the deadline to that time."),
        "deadline",
        PROCESS,
        "process",
        occasions=POSTING,
    ),
    Rule(
        "selection-before-deadline",
        dates.selection_before_deadline,
        _("The selection date is before the deadline to apply: choose a later one."),
        "selection_date",
        PROCESS,
        "process",
    ),
    Rule(
        "delivery-before-selection",
        dates.delivery_before_selection,
        _("The delivery date is not after the selection date: choose a later one."),
        "delivery_date",
        PROCESS,
        "process",
    ),
    Rule(
        "delivery-too-soon",
        dates.delivery_too_soon,
        _(
            "The estimated hours are more than 37.5 a week until the delivery: they take %(days)d business days. "
            "Choose %(earliest)s or later."
        ),
        "delivery_date",
        EFFORT,
        "estimating",
    ),
)

STATEMENTS = (
    Rule(
        "no-standard-licence",
        checks.without_standard("acceptance_criteria", "licence"),
        _("The standard statement about the licence is not among the work acceptance criteria: add it."),
        "acceptance_criteria",
        TEMPLATE,
        "acceptance-criteria",
    ),
    Rule(
        "no-standard-requirements",
        checks.without_standard("acceptance_criteria", "requirements"),
        _(
            "The standard statement that all requirements are met is not among the work acceptance criteria: add it."
        ),
        "acceptance_criteria",
        TEMPLATE,
        "acceptance-criteria",
    ),
    Rule(
        "no-standard-tests",
        checks.without_standard("acceptance_criteria", "tests"),
        _("The standard statement about the tests is not among the work acceptance criteria: add it."),
        "acceptance_criteria",
        TEMPLATE,
        "acceptance-criteria",
    ),
    Rule(
        "no-standard-skills",
        checks.without_standard("criteria", "skills"),
        _("The standard statement about skills is not among the application evaluation criteria: add it."),
        "criteria",
        TEMPLATE,
        "evaluation-criteria",
    ),
    Rule(
        "similar-skills",
        checks.other_skills_refused,
        _("The criterion about skills does not accept similar ones: say “or similar skills”."),
        "criteria",
        FAIRNESS,
        "evaluation-criteria",
        Level.WARNING,
    ),
    Rule(
        "criterion-scored",
        checks.spoken_of(wording.SCORING, "criteria"),
        _(
            "“%(words)s”: every criterion is answered with pass or fail, without points or preferences. "
            "Say what an answer must show to pass."
        ),
        "criteria",
        PASS_OR_FAIL,
        "evaluation-criteria",
    ),
    Rule(
        "criterion-vague",
        checks.spoken_of(wording.VAGUE, "criteria"),
        _("“%(words)s”: two readers may judge this differently. Say what an answer must show to pass."),
        "criteria",
        PASS_OR_FAIL,
        "evaluation-criteria",
        Level.WARNING,
    ),
)

WORDS = (
    Rule(
        "marking",
        checks.marked,
        _(
            "“%(words)s” is a security marking, and all of this text will be public. "
            "Remove the marking and whatever it covers."
        ),
        source=SECURITY,
        guidance="unclassified",
    ),
    Rule(
        "security-level",
        checks.level_spoken_of,
        _("“%(words)s”: suppliers may see unclassified information only. Check that nothing else is needed."),
        source=SECURITY,
        guidance="unclassified",
        level=Level.WARNING,
    ),
    Rule(
        "years-of-experience",
        checks.spoken_of(wording.YEARS_OF_EXPERIENCE),
        _("“%(words)s”: ask what people can do, not for how many years they have done it."),
        source=FAIRNESS,
        guidance="evaluation-criteria",
        level=Level.WARNING,
    ),
    Rule(
        "security-clearance",
        checks.spoken_of(wording.CLEARANCE),
        _("“%(words)s”: suppliers need no clearance, because all work is done in the open. Remove it."),
        source=NO_CLEARANCE,
        guidance="unclassified",
        level=Level.WARNING,
    ),
    Rule(
        "pre-qualification",
        checks.spoken_of(wording.PREQUALIFICATION),
        _("“%(words)s”: anyone eligible may apply, without being on a list first. Remove it."),
        source=FAIRNESS,
        guidance="evaluation-criteria",
        level=Level.WARNING,
    ),
    Rule(
        "place",
        checks.spoken_of(wording.PLACE),
        _("“%(words)s”: the work is done remotely, from anywhere in Canada. Do not ask for a place."),
        source=FAIRNESS,
        guidance="evaluation-criteria",
        level=Level.WARNING,
    ),
    Rule(
        "long-sentence",
        checks.long_sentences,
        _("“%(beginning)s” has %(words)d words: write sentences of at most %(limit)d."),
        source=STYLE,
        guidance="plain-language",
        level=Level.WARNING,
    ),
    Rule(
        "long-sentences-more",
        checks.more_long_sentences,
        ngettext_lazy(
            "%(count)d more sentence has over %(limit)d words.",
            "%(count)d more sentences have over %(limit)d words.",
            "count",
        ),
        source=STYLE,
        guidance="plain-language",
        level=Level.WARNING,
    ),
    Rule(
        "typography",
        checks.typography_faults,
        ngettext_lazy(
            "Typography, in %(count)d place: “%(excerpt)s” %(fault)s.",
            "Typography, in %(count)d places, the first: “%(excerpt)s” %(fault)s.",
            "count",
        ),
        source=TYPOGRAPHY,
        guidance="plain-language",
        level=Level.WARNING,
    ),
)

RULES = (*COMPLETE, *MONEY, *PLACES, *DATES, *STATEMENTS, *WORDS)
