"""What stands typed in the form, as data: valid or not, complete or not.

Owns: which of the names that a browser sends are answers, how they fill a form again without judging it, and what an
amendment takes out of them. Knows no request, no draft and no clock.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from django.http import QueryDict
from django.utils.datastructures import MultiValueDict

from submissions.proposals.forms import ELIGIBILITY, WHO
from submissions.solicitations.enums import ItemKind

if TYPE_CHECKING:
    from submissions.proposals.forms import ProposalForm
    from submissions.solicitations.models import PostedItem

Typed = MultiValueDict[str, str]

PREFIXES = ("answer_", "question_", "check_", "confirm_", "terms_")

#: What a person says yes to, by the kind of the posted item; the yes holds for the text as it stood.
TICKED = {
    ItemKind.CHECKLIST: "check",
    ItemKind.CONFIRMATION: "confirm",
    ItemKind.TERMS: "terms",
}


def typed_in(data: Mapping[str, Any] | QueryDict) -> Typed:
    """The answers among everything that a browser sent."""
    lists = data.lists() if isinstance(data, MultiValueDict) else ((key, [data[key]]) for key in data)
    return MultiValueDict(
        {
            name: [str(value) for value in values]
            for name, values in lists
            if name in WHO or name in ELIGIBILITY or name.startswith(PREFIXES)
        }
    )


def as_initial(form: ProposalForm, typed: Typed) -> dict[str, Any]:
    """What fills ``form`` so that it shows ``typed``, without judging it."""
    return {
        name: field.widget.value_from_datadict(typed, {}, name)
        for name, field in form.fields.items()
        if name in typed
    }


def pairs(typed: Typed) -> Iterator[tuple[str, str]]:
    """Every name with each of its values, for hidden fields."""
    for name, values in typed.lists():
        for value in values:
            yield name, value


def without_what_changed(typed: Typed, before: Iterable[PostedItem], now: Iterable[PostedItem]) -> Typed:
    """``typed`` without the ticks at statements whose text an amendment changed: nobody said yes to the new text.

    Everything written stays, also what is no longer asked.
    """
    earlier = {(item.kind, item.identity): (item.text_en, item.text_fr) for item in before}
    changed = {
        f"{TICKED[ItemKind(item.kind)]}_{item.identity.hex}"
        for item in now
        if item.kind in TICKED
        and earlier.get((item.kind, item.identity), ("", "")) != (item.text_en, item.text_fr)
    }
    return MultiValueDict({name: values for name, values in typed.lists() if name not in changed})
