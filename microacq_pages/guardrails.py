"""What a complete and lawful opportunity is.

Rules about the author's own text and facts, asked before publication. Each has a stable code, the
field to go to, and a sentence that says what to do. Imports no page type: it is given the page.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.html import strip_tags
from django.utils.translation import gettext_lazy as _
from license_expression import ExpressionError, get_spdx_licensing

from .publishing import Blocker, missing

if TYPE_CHECKING:
    from .models import Opportunity

#: Highest combined sales tax in Canada (HST of 15 %). Source: Excise Tax Act, Schedule VIII.
HIGHEST_TAX = Decimal("0.15")
#: Most that a micro-acquisition may cost with tax, in CAD. Source: business case, section 2.
CAP = Decimal("10000")
#: Most that the price before tax may be, in CAD, so that no supplier's tax passes the cap.
PRICE_LIMIT = Decimal("8695.65")

CENT = Decimal("0.01")


def with_highest_tax(price: Decimal) -> Decimal:
    """Price with the highest sales tax in Canada.

    Args:
        price: CAD before tax.

    Returns:
        CAD with tax, rounded to the cent.
    """
    return (price * (1 + HIGHEST_TAX)).quantize(CENT, rounding=ROUND_HALF_UP)


def opportunity_blockers(opportunity: Opportunity) -> list[Blocker]:
    """Everything that this opportunity lacks before it may be posted."""
    return [
        *_text(opportunity),
        *_skills(opportunity),
        *_price(opportunity),
        *_licence(opportunity),
        *_dates(opportunity),
        *_criteria(opportunity),
        *_confirmations(opportunity),
    ]


def _text(opportunity: Opportunity) -> Iterator[Blocker]:
    required = (
        ("teaser", _("the short description"), opportunity.teaser),
        ("background", _("the background"), strip_tags(opportunity.background)),
        ("work", _("the description of the work"), strip_tags(opportunity.work)),
        ("repository", _("the address of the repository"), opportunity.repository),
        ("contact_name", _("the name of the contact"), opportunity.contact_name),
        ("contact_email", _("the e-mail address of the contact"), opportunity.contact_email),
        ("project", _("the project"), opportunity.project_id),
        ("department", _("the department"), opportunity.department),
        ("branch", _("the branch"), opportunity.branch),
        ("team", _("the team"), opportunity.team),
        ("opportunity_skills", _("at least one required skill"), opportunity.opportunity_skills.count()),
    )
    for field, name, value in required:
        if not value:
            yield missing(f"missing-{field.replace('_', '-')}", name, field)
    if len(opportunity.title) > opportunity.TITLE_LIMIT:
        yield Blocker(
            "title-too-long",
            _("The title has more than %(limit)d characters: shorten it.")
            % {"limit": opportunity.TITLE_LIMIT},
            field="title",
        )


def _skills(opportunity: Opportunity) -> Iterator[Blocker]:
    for link in opportunity.opportunity_skills.all():
        if language := link.skill.language_without_name():
            yield Blocker(
                "skill-in-one-language",
                _("The skill “%(name)s” has no name in this language: translate it.")
                % {"name": link.skill.name},
                language=language,
                field="opportunity_skills",
            )


def _price(opportunity: Opportunity) -> Iterator[Blocker]:
    if opportunity.price is None:
        yield missing("missing-price", _("the fixed price"), "price")
    elif opportunity.price > PRICE_LIMIT:
        yield Blocker(
            "price-over-cap",
            _("The price is over $8,695.65: with the highest sales tax it would pass $10,000. Lower it."),
            field="price",
        )


def _licence(opportunity: Opportunity) -> Iterator[Blocker]:
    if not opportunity.licence:
        yield missing("missing-licence", _("the licence"), "licence")
    elif not is_spdx_expression(opportunity.licence):
        yield Blocker(
            "licence-unknown",
            _(
                "The licence is not an SPDX identifier: write one such as MIT, Apache-2.0 or GPL-3.0-or-later."
            ),
            field="licence",
        )


@lru_cache(maxsize=256)
def is_spdx_expression(text: str) -> bool:
    """Whether a text names only licences of the SPDX list, alone or joined by AND and OR."""
    try:
        info = get_spdx_licensing().validate(text)
    except ExpressionError:
        return False
    return not info.errors and bool(info.normalized_expression)


def _dates(opportunity: Opportunity) -> Iterator[Blocker]:
    for field, name in (
        ("deadline", _("the deadline to apply")),
        ("selection_date", _("the selection date")),
        ("delivery_date", _("the delivery date")),
    ):
        if getattr(opportunity, field) is None:
            yield missing(f"missing-{field.replace('_', '-')}", name, field)
    deadline, selection, delivery = (
        opportunity.deadline,
        opportunity.selection_date,
        opportunity.delivery_date,
    )
    if opportunity.expire_at:
        yield Blocker(
            "expires",
            _("An opportunity stays public once it is posted: remove the time at which it would come down."),
            field="expire_at",
        )
    if deadline and deadline <= max(timezone.now(), opportunity.go_live_at or timezone.now()):
        yield Blocker(
            "deadline-passed",
            _("The deadline to apply is not after the posting: choose a later one."),
            field="deadline",
        )
    if deadline and selection and selection < timezone.localdate(deadline):
        yield Blocker(
            "selection-before-deadline",
            _("The selection date is before the deadline to apply: choose a later one."),
            field="selection_date",
        )
    if selection and delivery and delivery < selection + timedelta(days=1):
        yield Blocker(
            "delivery-before-selection",
            _("The delivery date is not after the selection date: choose a later one."),
            field="delivery_date",
        )


def _criteria(opportunity: Opportunity) -> Iterator[Blocker]:
    if not opportunity.criteria.count():
        yield missing("missing-criteria", _("at least one application evaluation criterion"), "criteria")
    if not opportunity.acceptance_criteria.count():
        yield missing(
            "missing-acceptance-criteria", _("at least one work acceptance criterion"), "acceptance_criteria"
        )
    for attachment in opportunity.attachments.all():
        for language, document in (("en", attachment.document_en_id), ("fr", attachment.document_fr_id)):
            if not document:
                yield Blocker(
                    "attachment-in-one-language",
                    _("The attachment “%(title)s” has no document in this language: add it.")
                    % {"title": attachment.title},
                    language=language,
                    field="attachments",
                )


CONFIRMATIONS = (
    ("confirm_standalone", _("that this is a standalone piece of work")),
    ("confirm_no_internal_capacity", _("that nobody in the department is available to do it")),
    ("confirm_unclassified", _("that only unclassified information is involved")),
    ("confirm_not_split", _("that it is not split from a larger need")),
    ("confirm_funds_committed", _("that funds are committed under section 32")),
)


def _confirmations(opportunity: Opportunity) -> Iterator[Blocker]:
    for field, statement in CONFIRMATIONS:
        if not getattr(opportunity, field):
            yield Blocker(
                field.replace("_", "-"),
                _("The client has not confirmed %(statement)s: tick it if it is true.")
                % {"statement": statement},
                field=field,
            )
    if not opportunity.section_32_reference:
        yield missing("missing-section-32", _("the section 32 reference"), "section_32_reference")
