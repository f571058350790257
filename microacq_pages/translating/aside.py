"""What stands around wagtail-localize's editor, on the same screen.

Owns the asking of ``microacq_translation_aside`` and the order of the answers; knows no kind of panel but its own.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from wagtail import hooks
from wagtail.admin.ui.components import Component
from wagtail_localize.models import Translation

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractBaseUser

#: Where the panels stand that do not name an ``order``.
LATER = 500


def panels_of(translation: Translation, user: AbstractBaseUser) -> list[Component]:
    """Every panel beside the editor of a translation.

    Args:
        translation: What is open in the editor.
        user: Who edits it; the editor has checked that they may.

    Returns:
        What all who answer ``microacq_translation_aside`` want to show, in order.
    """
    found = [
        panel
        for answer in hooks.get_hooks("microacq_translation_aside")
        for panel in answer(translation, user)
    ]
    return sorted(found, key=lambda panel: getattr(panel, "order", LATER))


def without_alias(props: str) -> str:
    """The editor's properties without its offer to convert to an alias, which is always refused.

    Args:
        props: What wagtail-localize hands to its editor, as JSON.
    """
    values = json.loads(props)
    values.get("links", {})["convertToAliasUrl"] = None
    return json.dumps(values)
