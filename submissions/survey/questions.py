"""What the survey asks, as data; the questions are those of the pilot's survey, with answers to choose from.

Free text is not asked for: a sentence can name its writer. A question that is not answered counts like one whose
answer is *prefer not to answer*. Imports nothing but words.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from .enums import Cohort

NO_ANSWER = "no_answer"
NONE_OF = "none"
CANADA = "ca"
OFFICE = "office"


@dataclass(frozen=True)
class Question:
    """One question.

    Attributes:
        name: How its sums are kept.
        label: What is asked.
        choices: Answers to choose from, by the name under which they are counted.
        is_several: Whether several answers may be chosen; each is then counted by itself.
        help: What else the person should know.
        heading: What its sums are called.
    """

    name: str
    label: Any
    choices: tuple[tuple[str, Any], ...]
    is_several: bool = False
    help: Any = ""
    heading: Any = ""


PREFER_NOT = (NO_ANSWER, _("Prefer not to answer"))

FOUND = Question(
    "found",
    _("How did you learn of the opportunity?"),
    (
        ("list", _("The mailing list or the feed of this site")),
        ("social", _("Social media")),
        ("community", _("A chat, a forum or an event of developers")),
        ("person", _("Somebody told me")),
        ("government", _("Another site of the government")),
        ("search", _("A search engine")),
        ("other", _("Another way")),
        PREFER_NOT,
    ),
    heading=_("How they learned of the opportunity"),
)
EMPLOYED = Question(
    "employed",
    _("Are you employed by the federal government now?"),
    (("yes", _("Yes")), ("no", _("No")), PREFER_NOT),
    heading=_("Employed by the federal government"),
)
CONTRACTS = Question(
    "contracts",
    _("Were you ever awarded a contract by the federal government before this opportunity?"),
    (
        ("yes", _("Yes")),
        ("bid", _("No, but I have bid before")),
        ("never", _("No, and I had never bid before")),
        PREFER_NOT,
    ),
    heading=_("Earlier contracts with the federal government"),
)
OFFICES = Question(
    OFFICE,
    _("Where is the head office of your business?"),
    (
        (CANADA, _("In Canada")),
        ("us", _("In the United States")),
        ("elsewhere", _("In another country")),
        PREFER_NOT,
    ),
    heading=_("Head office"),
)
SIZE = Question(
    "size",
    _("How many people work in your business, you included?"),
    (
        ("1", _("1")),
        ("2-4", _("2 to 4")),
        ("5-19", _("5 to 19")),
        ("20-99", _("20 to 99")),
        ("100", _("100 or more")),
        PREFER_NOT,
    ),
    heading=_("Size of the business"),
)
OWNERSHIP = Question(
    "ownership",
    _("Is at least 51 percent of your business owned by people of one of these groups, by their own word?"),
    (
        ("women", _("Women")),
        ("indigenous", _("Indigenous peoples")),
        ("first_nations", _("First Nations")),
        ("metis", _("Métis")),
        ("inuit", _("Inuit")),
        ("black", _("Black people")),
        ("visible_minorities", _("Other visible minorities")),
        ("disabilities", _("Persons with disabilities")),
        ("lgbtq2", _("LGBTQ2+ people")),
        (NONE_OF, _("None of these groups")),
        PREFER_NOT,
    ),
    is_several=True,
    help=_(
        "Choose all that apply. The Employment Equity Act calls visible minorities persons, other than Indigenous "
        "peoples, who are non-Caucasian in race or non-white in colour."
    ),
    heading=_("Owned for the greater part by people of these groups"),
)

AGREE = (
    ("yes", _("Yes")),
    ("no", _("No")),
    ("unsure", _("Not sure")),
    PREFER_NOT,
)
AGAIN = Question(
    "again",
    _("Would you apply for an opportunity of this kind again?"),
    AGREE,
    heading=_("Would apply again"),
)
BUY_AGAIN = Question(
    "buy_again",
    _("Would you buy a piece of code this way again?"),
    AGREE,
    heading=_("Would buy this way again"),
)
PIECES = Question(
    "pieces",
    _("Did buying this way help your team to break work into smaller pieces?"),
    AGREE,
    heading=_("Helped to break work into smaller pieces"),
)
EASE = Question(
    "ease",
    _("How easy was it, from the beginning to the end of the contract?"),
    (
        ("easy", _("Easy")),
        ("neither", _("Neither easy nor hard")),
        ("hard", _("Hard")),
        PREFER_NOT,
    ),
    heading=_("How easy it was"),
)
PAID_SOON = Question(
    "paid_soon",
    _("If you were paid: was it sooner than other clients pay you?"),
    (
        ("sooner", _("Sooner")),
        ("same", _("About the same")),
        ("later", _("Later")),
        ("not_paid", _("Not paid, or nothing to compare with")),
        PREFER_NOT,
    ),
    heading=_("How soon they were paid"),
)

#: What suppliers are asked about themselves, some days after the end of an opportunity.
QUESTIONS = (FOUND, EMPLOYED, CONTRACTS, OFFICES, SIZE, OWNERSHIP, AGAIN)
#: What client and supplier are asked about a contract that has ended.
OF_CLIENTS = (BUY_AGAIN, EASE, PIECES)
OF_SUPPLIERS = (AGAIN, EASE, PAID_SOON)


def questions_of(cohort: Cohort) -> tuple[Question, ...]:
    """What people of a cohort are asked."""
    return {Cohort.CLIENT: OF_CLIENTS, Cohort.SUPPLIER: OF_SUPPLIERS}.get(cohort, QUESTIONS)


#: One answered form: the names of what was chosen, by question. A place in Canada is ``ca`` or ``ca-K1A``.
Answers = dict[str, list[str]]

PROVINCES: dict[str, Any] = {
    "A": _("Newfoundland and Labrador"),
    "B": _("Nova Scotia"),
    "C": _("Prince Edward Island"),
    "E": _("New Brunswick"),
    "G": _("Quebec"),
    "H": _("Quebec"),
    "J": _("Quebec"),
    "K": _("Ontario"),
    "L": _("Ontario"),
    "M": _("Ontario"),
    "N": _("Ontario"),
    "P": _("Ontario"),
    "R": _("Manitoba"),
    "S": _("Saskatchewan"),
    "T": _("Alberta"),
    "V": _("British Columbia"),
    "X": _("Northwest Territories and Nunavut"),
    "Y": _("Yukon"),
}
"""Provinces and territories by the first letter of a postal code (Canada Post)."""

CAPITAL = _("National Capital Region")
#: Beginnings of the postal codes of Ottawa and Gatineau.
CAPITAL_CODES = ("K1", "K2", "K4", "J8", "J9")


def place(code: str) -> Any:
    """The region that the first three characters of a postal code lie in."""
    return CAPITAL if code.startswith(CAPITAL_CODES) else PROVINCES.get(code[:1], _("In Canada"))
