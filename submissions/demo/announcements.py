"""Where the open opportunities of the demonstration were announced, so that the record and its sums can be seen."""

from __future__ import annotations

from collections.abc import Iterator

from submissions.records.communications import services
from submissions.records.communications.models import Mention
from submissions.solicitations.models import Solicitation

from .accounts import person

#: Channel, place and address; how many of the open opportunities were announced there.
PLACES = (
    ("short", "@MicroAcq_GC", "https://social.example.org/@microacq/1", 3),
    ("network", "Department of Community Programs", "https://network.example.org/posts/2", 2),
    ("partner", "Civic Tech Commons", "", 2),
    ("newsletter", "The Friday Note", "", 1),
)


def load() -> Iterator[str]:
    """Record them, unless anything is recorded."""
    if Mention.objects.exists():
        return
    user, count = person("it-strategy"), 0
    files = list(Solicitation.objects.open().order_by("pk")[:3])
    for channel, place, address, how_many in PLACES:
        for file in files[:how_many]:
            day = file.posted_at.date()
            services.announce(file, user, channel=channel, place=place, announced_on=day, address=address)
            count += 1
    yield f"{count} announcements of opportunities elsewhere"
