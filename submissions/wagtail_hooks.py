"""Gathers the hooks of the stages, in process order, for Wagtail."""

from .solicitations import hooks as solicitations_hooks

__all__ = ["solicitations_hooks"]
