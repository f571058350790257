"""How much of what is taken: one table for every public form.

What is counted is what the site would store or mail. A form that is shown again stores nothing and is not counted, so
that mistakes never use anything up. The reasons for each number are in docs/decisions/0024-throttles.md. Imports
nothing of the project.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

HOUR, DAY = timedelta(hours=1), timedelta(days=1)

#: For so long before a deadline, no application is refused because of where it comes from.
LAST_HOUR = timedelta(hours=1)


@dataclass(frozen=True)
class Limit:
    """So many within so long, of one kind, by one value.

    Attributes:
        name: Of what is counted, and by what; part of the digest that is kept.
        most: How many are taken.
        within: For how long each counts; at most a day, after which nothing is known of it.
        is_exact: Whether those that come at once wait for each other, so that not one more is taken. Never for what
            many people share, since they would queue for each other.
    """

    name: str
    most: int
    within: timedelta = HOUR
    is_exact: bool = False


#: By network: thousands of people of a university or a department may share one.
QUESTIONS_OF_NETWORK = Limit("question/network", 60, is_exact=True)
FOLLOWING_OF_NETWORK = Limit("following/network", 300)
APPLICATIONS_OF_NETWORK = Limit("application/network", 1000)
DRAFTS_OF_NETWORK = Limit("draft/network", 1000)
DRAFT_LINKS_OF_NETWORK = Limit("draft-link/network", 300)
LOST_LINKS_OF_NETWORK = Limit("lost-link/network", 300)
#: What came too late is shown again however often it is sent; beyond this it adds nothing to the record any more.
LATE_OF_NETWORK = Limit("late/network", 300)
#: About one file, whoever asks.
QUESTIONS_ABOUT_FILE = Limit("question/file", 60, is_exact=True)
#: By address: what anybody’s typing can make the site send there.
FOLLOWING_OF_ADDRESS = Limit("following/address", 5, DAY, is_exact=True)
DRAFTS_TO_ADDRESS = Limit("draft/address", 5, DAY, is_exact=True)
LOST_LINKS_TO_ADDRESS = Limit("lost-link/address", 5, DAY, is_exact=True)
SECOND_PROPOSALS_OF_ADDRESS = Limit("second/address", 5, DAY, is_exact=True)
#: Receipts and words of withdrawal, about any file: whoever sends and withdraws in turn could fill a mailbox with them.
RECEIPTS_TO_ADDRESS = Limit("receipt/address", 20, DAY, is_exact=True)
#: By the supplier’s own link: every version is kept for ever.
VERSIONS_OF_LINK = Limit("version/link", 20)
