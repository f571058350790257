"""What the gate adds to ``manage.py tick``."""

from __future__ import annotations

from wagtail import hooks

from .counting import forget


@hooks.register("microacq_tick", order=160)
def forget_passages() -> str | None:
    """Forget after a day who sent something from where."""
    gone = forget()
    return f"{gone} passages forgotten" if gone else None
