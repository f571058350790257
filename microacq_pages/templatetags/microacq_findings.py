"""A finding in a template of the staff: its sentence, with the language of what it quotes.

Must not import ``submissions``.
"""

from __future__ import annotations

from django import template

from microacq_pages import findings

register = template.Library()
register.filter("sentence_of", findings.sentence_of)
