"""What a price may be, what it is with tax in each province and territory, and what an effort is worth.

Pure: numbers in, numbers out. Amounts are Canadian dollars as ``Decimal``. Must not import Django.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal

CENT = Decimal("0.01")


@dataclass(frozen=True)
class Tax:
    """The sales tax that a supplier of a province or territory charges to a department of the Government of Canada.

    Attributes:
        province: Code of Canada Post.
        rate: All sales taxes together, as a fraction of the price.
        names_en: What they are called in English.
        names_fr: The same in French.
    """

    province: str
    rate: Decimal
    names_en: str
    names_fr: str


#: Combined rates since April 1, 2025. Sources: Canada Revenue Agency, “GST/HST provincial rates table”; Revenu Québec
#: (the QST is not charged on the GST). British Columbia, Saskatchewan and Manitoba have a sales tax that the Government
#: of Canada does not pay (Treasury Board, “Summary of Reciprocal Taxation Agreements with Provinces and Territories”).
TAXES = (
    Tax("NL", Decimal("0.15"), "HST", "TVH"),
    Tax("PE", Decimal("0.15"), "HST", "TVH"),
    Tax("NS", Decimal("0.14"), "HST", "TVH"),
    Tax("NB", Decimal("0.15"), "HST", "TVH"),
    Tax("QC", Decimal("0.14975"), "GST and QST", "TPS et TVQ"),
    Tax("ON", Decimal("0.13"), "HST", "TVH"),
    Tax("MB", Decimal("0.05"), "GST", "TPS"),
    Tax("SK", Decimal("0.05"), "GST", "TPS"),
    Tax("AB", Decimal("0.05"), "GST", "TPS"),
    Tax("BC", Decimal("0.05"), "GST", "TPS"),
    Tax("YT", Decimal("0.05"), "GST", "TPS"),
    Tax("NT", Decimal("0.05"), "GST", "TPS"),
    Tax("NU", Decimal("0.05"), "GST", "TPS"),
)

#: Highest combined sales tax in Canada.
HIGHEST_TAX = max(tax.rate for tax in TAXES)
#: Most that a micro-acquisition may cost with tax, in CAD. Source: business case, section 2.
CAP = Decimal("10000")
#: Most that the price before tax may be, in CAD, so that no supplier's tax passes the cap. A number of its own, because
#: a constraint of the database holds it too; a test holds it to CAP and HIGHEST_TAX.
PRICE_LIMIT = Decimal("8695.65")

#: Hours that a supplier spends on applying, talking and invoicing. Source: client user guide of the pilot.
ADMINISTRATION_HOURS = Decimal("10")
#: Hourly rate by default, lowest and highest. Source: client user guide of the pilot.
USUAL_RATES = (Decimal("60"), Decimal("100"))
#: Most that a supplier can be expected to work. Source: client user guide of the pilot (37.5 hours a week).
HOURS_A_DAY = Decimal("7.5")


def _cents(amount: Decimal) -> Decimal:
    return amount.quantize(CENT, rounding=ROUND_HALF_UP)


def with_tax(price: Decimal, tax: Tax) -> Decimal:
    """Price with the sales tax of a province or territory, in CAD, rounded to the cent."""
    return _cents(price * (1 + tax.rate))


def with_highest_tax(price: Decimal) -> Decimal:
    """Price with the highest sales tax in Canada.

    Args:
        price: CAD before tax.

    Returns:
        CAD with tax, rounded to the cent.
    """
    return _cents(price * (1 + HIGHEST_TAX))


def limit_before_tax(tax: Decimal = HIGHEST_TAX) -> Decimal:
    """The highest price before tax that stays within the cap, in CAD, to the cent."""
    return (CAP / (1 + tax)).quantize(CENT, rounding=ROUND_DOWN)


def worth(hours: Decimal, rate: Decimal) -> Decimal:
    """What an effort is worth: rate × (hours + 10 hours of administration), in CAD.

    Args:
        hours: Hours of work that are expected.
        rate: CAD an hour.
    """
    return _cents(rate * (hours + ADMINISTRATION_HOURS))


@dataclass(frozen=True)
class Estimate:
    """The arithmetic beside the price field; every number may be unknown.

    Attributes:
        price: The fixed price that the author has set, CAD before tax.
        hours: The author's estimate of the work.
        rate: The author's hourly rate, in CAD.
        lowest_rate: Least that the required skills are usually paid an hour, in CAD.
        highest_rate: Most that they are usually paid an hour, in CAD.
    """

    price: Decimal | None = None
    hours: Decimal | None = None
    rate: Decimal | None = None
    lowest_rate: Decimal = USUAL_RATES[0]
    highest_rate: Decimal = USUAL_RATES[1]

    @property
    def worth(self) -> Decimal | None:
        return None if self.hours is None or self.rate is None else worth(self.hours, self.rate)

    @property
    def lowest(self) -> Decimal | None:
        return None if self.hours is None else worth(self.hours, self.lowest_rate)

    @property
    def highest(self) -> Decimal | None:
        return None if self.hours is None else worth(self.hours, self.highest_rate)

    @property
    def amount(self) -> Decimal | None:
        """The price, or what it would be by the estimate while none is set."""
        return self.worth if self.price is None else self.price

    @property
    def left(self) -> Decimal | None:
        """What is left below the highest price before tax; negative when it is passed."""
        return None if self.amount is None else PRICE_LIMIT - self.amount

    @property
    def rate_is_usual(self) -> bool:
        return self.rate is None or self.lowest_rate <= self.rate <= self.highest_rate

    def by_province(self) -> list[tuple[Tax, Decimal]]:
        """The amount with tax for a supplier of each province and territory, in CAD."""
        amount = self.amount
        return [] if amount is None else [(tax, with_tax(amount, tax)) for tax in TAXES]
