"""Words that are stored with a question. Imports nothing of the project."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class State(models.TextChoices):
    """Where a question is; only staff read these words."""

    RECEIVED = "received", pgettext_lazy("state of a question", "Received")
    ACCEPTED = "accepted", pgettext_lazy("state of a question", "Waits for an answer")
    ANSWERED = "answered", pgettext_lazy("state of a question", "Answer drafted")
    TRANSLATING = "translating", pgettext_lazy("state of a question", "In translation")
    PUBLISHED = "published", pgettext_lazy("state of a question", "Published")
    MERGED = "merged", pgettext_lazy("state of a question", "Merged with another")
    REJECTED = "rejected", pgettext_lazy("state of a question", "Not published")
    FAQ = "faq", pgettext_lazy("state of a question", "Sent to the frequently asked questions")


#: States in which somebody still owes the asker an answer.
UNANSWERED = (State.RECEIVED, State.ACCEPTED, State.ANSWERED, State.TRANSLATING)


class Rejection(models.TextChoices):
    """Why a question is not published; the asker reads these sentences."""

    OFF_TOPIC = "off_topic", _("It is not about this opportunity.")
    ANSWERED = "answered", _("The opportunity already answers it: read its text again.")
    NOT_A_QUESTION = "not_a_question", _("It asks nothing that could be answered.")
    CONFIDENTIAL = "confidential", _("Answering it would disclose what may not be public.")
    OWN_APPLICATION = "own_application", _("It asks for advice on one’s own application, which nobody gives.")
    ABUSIVE = "abusive", _("It is abusive, or advertises something.")
    TOO_LATE = "too_late", _("There was no time left to answer it before the deadline.")
