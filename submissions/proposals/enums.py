"""The words that this stage stores. Imports nothing of the project."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class ProposalState(models.TextChoices):
    """What a version of an application is. Only ``sent`` is ever opened; ``states`` is the table."""

    SENT = "sent", _("Received")
    WAITING = "waiting", _("Waits for the owner of the address")
    REPLACED = "replaced", _("Replaced by a later version")
    WITHDRAWN = "withdrawn", _("Withdrawn by the supplier")


class LinkKind(models.TextChoices):
    """What a link can do that is given out besides the supplier’s own."""

    COUNT = "count", _("Says that a second application counts")
    RECOVER = "recover", _("Replaces or withdraws, and does not read")
    RESULT = "result", _("Shows the result, answers an offer and asks for a debrief")


class EnteredHow(models.TextChoices):
    """How an application came that a member of staff typed in."""

    TELEPHONE = "telephone", _("By telephone")
    PAPER = "paper", _("On paper")
    IN_PERSON = "in_person", _("In person")


class ToldHow(models.TextChoices):
    """How a supplier without e-mail was told of an amendment."""

    TELEPHONE = "telephone", _("By telephone")
    POST = "post", _("By post")
    IN_PERSON = "in_person", _("In person")


class OpeningOutcome(models.TextChoices):
    """How an opening ended."""

    OPENED = "opened", _("Opened")
    FAILED = "failed", _("Nothing was opened")


class Status(models.TextChoices):
    """What lets a person work on a contract in Canada; the law asks for one of these."""

    CANADIAN = "canadian", _("I am a Canadian citizen")
    FIRST_NATIONS = "first_nations", _("I am First Nations")
    METIS = "metis", _("I am Métis")
    INUIT = "inuit", _("I am Inuit")
    PERMANENT_RESIDENT = "permanent_resident", _("I am a permanent resident of Canada")
    WORK_PERMIT = (
        "work_permit",
        _("I am a foreign worker or student and have the permits to do this work in Canada"),
    )


class QuestionType(models.TextChoices):
    """The kinds of extra question that make sense to a supplier; the names are those of Wagtail’s form builder."""

    SINGLE_LINE = "singleline", _("One line of text")
    MULTI_LINE = "multiline", _("Several lines of text")
    NUMBER = "number", _("Number")
    URL = "url", _("Web address")
    DATE = "date", _("Date")
    CHECKBOX = "checkbox", _("One checkbox")
    CHECKBOXES = "checkboxes", _("Several of a list")
    RADIO = "radio", _("One of a list")
    DROPDOWN = "dropdown", _("One of a long list")
