"""The words that this stage stores. Imports nothing of the project."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class ContractState(models.TextChoices):
    """Where a contract is; ``states`` is the table."""

    UNDER_WAY = "under_way", pgettext_lazy("state of a contract", "Work under way")
    ACCEPTED = "accepted", pgettext_lazy("state of a contract", "Work accepted")
    PAID = "paid", pgettext_lazy("state of a contract", "Paid")
    ENDED_DEFAULT = "ended_default", pgettext_lazy("state of a contract", "Terminated for default")
    ENDED_CONVENIENCE = (
        "ended_convenience",
        pgettext_lazy("state of a contract", "Terminated for convenience"),
    )
    WITHDRAWN = "withdrawn", pgettext_lazy("state of a contract", "Supplier withdrew")


#: The work is done or being done under it: there is one such contract of a file at most.
ACTIVE = frozenset({ContractState.UNDER_WAY, ContractState.ACCEPTED, ContractState.PAID})
#: It ended without the whole work.
ENDED = frozenset({ContractState.ENDED_DEFAULT, ContractState.ENDED_CONVENIENCE, ContractState.WITHDRAWN})
#: The supplier did not deliver, for whatever reason: told as a fact before that supplier is offered work again.
NOT_DELIVERED = frozenset({ContractState.ENDED_DEFAULT, ContractState.WITHDRAWN})


class Side(models.TextChoices):
    """Who speaks: the supplier, with the link, or the department."""

    SUPPLIER = "supplier", _("Supplier")
    DEPARTMENT = "department", _("Department")

    @property
    def other(self) -> Side:
        """The side that is asked."""
        return Side.DEPARTMENT if self == Side.SUPPLIER else Side.SUPPLIER


class MessageKind(models.TextChoices):
    """What a message is for."""

    MESSAGE = "message", pgettext_lazy("kind of a message", "Message")
    PROGRESS = "progress", pgettext_lazy("kind of a message", "How the work goes")


class EndKind(models.TextChoices):
    """How a contract ends without the whole work."""

    DEFAULT = "default", _("For default: nothing is paid")
    CONVENIENCE = "convenience", _("For convenience: the completed share is paid")
    WITHDRAWN = "withdrawn", _("The supplier withdrew: nothing is paid")


#: The state that each end leads to.
STATE_OF_END = {
    EndKind.DEFAULT: ContractState.ENDED_DEFAULT,
    EndKind.CONVENIENCE: ContractState.ENDED_CONVENIENCE,
    EndKind.WITHDRAWN: ContractState.WITHDRAWN,
}


class CheckKind(models.TextChoices):
    """What an automated check looks at."""

    TESTS = "tests", _("Tests")
    SECURITY = "security", _("Security")
    ACCESSIBILITY = "accessibility", _("Accessibility")


class ResultFormat(models.TextChoices):
    """The formats of results that are read and summarised."""

    JUNIT = "junit", "JUnit XML"
    SARIF = "sarif", "SARIF"
    AXE = "axe", "axe JSON"
