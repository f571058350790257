"""Gathers the models of the stages for Django."""

from .audit.models import AuditEntry
from .notices.models import OutgoingMessage
from .solicitations.models import NumberSeries, PostedItem, Posting, Solicitation

__all__ = ["AuditEntry", "NumberSeries", "OutgoingMessage", "PostedItem", "Posting", "Solicitation"]
