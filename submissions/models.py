"""Gathers the models of the stages for Django."""

from .solicitations.models import NumberSeries, PostedItem, Posting, Solicitation

__all__ = ["NumberSeries", "PostedItem", "Posting", "Solicitation"]
