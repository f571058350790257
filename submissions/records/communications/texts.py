"""Texts that tell of an opportunity, one for each channel and language, within the length that the channel takes.

One table of channels; a text is put together from sentences of which the less needed are left out until it fits. The
address and the deadline are never left out. Knows no model.

Sources of the lengths: 280 characters on X and 300 on Bluesky, 500 on Mastodon, 3,000 on LinkedIn; the rest is what a
reader of a newsletter or a busy organiser of a community will read.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from microacq_pages import formats

LANGUAGES = ("en", "fr")
ELLIPSIS = "…"
#: A description that would be cut shorter than this says nothing.
SHORTEST = 40


@dataclass(frozen=True)
class Facts:
    """What the texts tell, in one language."""

    language: str
    number: str
    title: str
    teaser: str
    skills: str
    price: Decimal
    licence: str
    deadline: datetime
    department: str
    url: str


@dataclass(frozen=True)
class Part:
    """A piece of a text.

    Attributes:
        text: Its words.
        rank: 0 is never left out; of the others the highest goes first.
        may_be_cut: Whether it may be shortened at the end of a word.
        before: What stands between it and the piece before.
    """

    text: str
    rank: int = 0
    may_be_cut: bool = False
    before: str = " "


@dataclass(frozen=True)
class Channel:
    """A kind of place where opportunities are announced.

    Attributes:
        name: As it is stored and counted.
        label: What staff call it.
        limit: The longest text, in characters; None where nothing is written beforehand.
        tell: Makes the pieces of its text, in the language that is active.
        hint: What to know before sending it.
    """

    name: str
    label: Any
    limit: int | None = None
    tell: Callable[[Facts], list[Part]] | None = None
    hint: Any = ""


@dataclass(frozen=True)
class Ready:
    """One text, ready to copy."""

    channel: Channel
    language: str
    text: str

    @property
    def length(self) -> int:
        return len(self.text)


def written(channel: Channel, facts: Facts) -> Ready:
    """The text of a channel in the language of the facts.

    Args:
        channel: One that has a text.
        facts: Of the opportunity.
    """
    if channel.tell is None or channel.limit is None:
        raise ValueError(f"Nothing is written for {channel.name}.")
    with override(facts.language):
        return Ready(channel, facts.language, fitted(channel.tell(facts), channel.limit))


def fitted(parts: list[Part], limit: int) -> str:
    """Pieces as one text of at most ``limit`` characters.

    What may be left out goes first, the least needed before the rest; then what may be cut is cut.
    """
    kept = [part for part in parts if part.text]
    while len(joined(kept)) > limit:
        least = max(kept, key=lambda part: part.rank)
        if least.rank == 0:
            break
        place, excess = kept.index(least), len(joined(kept)) - limit
        short = cut(least.text, len(least.text) - excess) if least.may_be_cut else ""
        kept[place : place + 1] = [Part(short, 0, False, least.before)] if len(short) >= SHORTEST else []
    while (excess := len(joined(kept)) - limit) > 0:
        longest = max(
            (part for part in kept if part.may_be_cut), key=lambda part: len(part.text), default=None
        )
        if longest is None or len(longest.text) <= excess:
            raise ValueError(f"These pieces do not fit into {limit} characters.")
        short = cut(longest.text, len(longest.text) - excess)
        kept[kept.index(longest)] = Part(short, 0, False, longest.before)
    return joined(kept)


def joined(parts: list[Part]) -> str:
    """Pieces with what stands between them."""
    return "".join(f"{part.before if place else ''}{part.text}" for place, part in enumerate(parts))


def cut(text: str, length: int) -> str:
    """The beginning of a text, at most so long, ended at the end of a word with an ellipsis."""
    if len(text) <= length:
        return text
    room = max(0, length - len(ELLIPSIS))
    begun = text[:room]
    if room < len(text) and not text[room].isspace() and " " in begun:
        begun = begun[: begun.rindex(" ")]
    begun = begun.rstrip(" ,;:.–-\N{NO-BREAK SPACE}")
    return f"{begun}{ELLIPSIS}" if begun else ""


def _price(facts: Facts) -> str:
    return _("Fixed price: %(price)s, plus tax.") % {"price": formats.money(facts.price, facts.language)}


def _deadline(facts: Facts) -> str:
    return _("Apply by %(deadline)s:") % {"deadline": formats.eastern(facts.deadline, facts.language)}


def _short(facts: Facts) -> list[Part]:
    """One message: what, how much, until when, where."""
    return [
        Part(_("Open-source work for the Government of Canada:"), 2),
        Part(facts.title, 0, True),
        Part(f"– {_price(facts)}", 1),
        Part(_deadline(facts), before="\n"),
        Part(facts.url, before="\n"),
        Part(_("#OpenSource"), 3),
    ]


def _post(facts: Facts) -> list[Part]:
    """A longer message, with what the work is."""
    return [
        Part(_("Open-source work for the Government of Canada"), 2),
        Part(facts.title, 0, True, "\n\n"),
        Part(facts.teaser, 3, True, "\n\n"),
        Part(_("Skills: %(skills)s.") % {"skills": facts.skills} if facts.skills else "", 4, False, "\n\n"),
        Part(_price(facts), 1, False, "\n\n"),
        Part(_deadline(facts), 0, False, "\n"),
        Part(facts.url, 0, False, "\n"),
        Part(_("#OpenSource"), 5, False, "\n"),
    ]


def _network(facts: Facts) -> list[Part]:
    """For a professional network: also who may apply and how a supplier is chosen."""
    fair = _(
        "Students, freelancers and small firms apply in minutes, without an account. Applications pass or fail each "
        "criterion; among those that pass, one is selected at random. The supplier keeps the copyright and grants the "
        "licence %(licence)s."
    ) % {"licence": facts.licence}
    parts = _post(facts)
    return [*parts[:-3], Part(fair, 2, False, "\n\n"), *parts[-3:]]


def _partner(facts: Facts) -> list[Part]:
    """A message that an organisation can pass on to its members."""
    return [
        Part(_("Hello,")),
        Part(
            _(
                "%(department)s is looking for someone to do a small, fixed-price piece of open-source work. Would you "
                "share it with your members?"
            )
            % {"department": facts.department},
            before="\n\n",
        ),
        Part(facts.title, 0, True, "\n\n"),
        Part(facts.teaser, 3, True, "\n"),
        Part(_("Skills: %(skills)s.") % {"skills": facts.skills} if facts.skills else "", 2, False, "\n\n"),
        Part(_price(facts), 1, False, "\n"),
        Part(_deadline(facts), 0, False, "\n"),
        Part(facts.url, 0, False, "\n"),
        Part(
            _(
                "Applying takes minutes and needs no account. The page is in English and in French, and the work is "
                "done remotely, in the open."
            ),
            2,
            False,
            "\n\n",
        ),
        Part(_("Thank you!"), 1, False, "\n\n"),
    ]


def _newsletter(facts: Facts) -> list[Part]:
    """A paragraph for colleagues."""
    return [
        Part(
            _("%(department)s is buying a small piece of open-source work:")
            % {"department": facts.department},
            2,
        ),
        Part(_("“%(title)s”.") % {"title": facts.title}, 0, True),
        Part(facts.teaser, 3, True),
        Part(_price(facts), 1),
        Part(_("Do you know students, freelancers or small firms who could do it? Please pass it on."), 2),
        Part(_deadline(facts)),
        Part(facts.url),
    ]


CHANNELS: dict[str, Channel] = {
    channel.name: channel
    for channel in (
        Channel(
            "short",
            gettext_lazy("Short messages (X, Bluesky)"),
            280,
            _short,
            gettext_lazy("One message in each language, one under the other."),
        ),
        Channel("mastodon", gettext_lazy("Mastodon"), 500, _post),
        Channel("network", gettext_lazy("LinkedIn, Facebook"), 1500, _network),
        Channel(
            "partner",
            gettext_lazy("Partner organisation"),
            2000,
            _partner,
            gettext_lazy(
                "For schools, associations and communities of developers. Send both languages in one message."
            ),
        ),
        Channel("newsletter", gettext_lazy("Internal newsletter"), 900, _newsletter),
        Channel("forum", gettext_lazy("Chat, forum or event of developers")),
        Channel("site", gettext_lazy("Another site of the government")),
        Channel("other", gettext_lazy("Other")),
    )
}

#: Channels for which a text is ready.
WRITTEN = tuple(channel for channel in CHANNELS.values() if channel.tell is not None)
