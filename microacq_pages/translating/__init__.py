"""Translators: what is left, what changed, what was translated before, and until when.

wagtail-localize keeps the texts and their translations; this package stands around its editor and reads and writes
its records. It must not import ``submissions``. Who owns what:

========== =======================================================================================================
words      how many words a text has (pure)
wording    what changed between two texts, word by word (pure)
changes    which earlier string a changed one replaces, recorded when the source is refreshed
memory     what was translated before, exactly or nearly
left       what is left to do, of one translation or of all, and until when
saving     writing a translation as wagtail-localize does, without losing what another person wrote
aside      what stands around the editor; seam below
dashboard  the translator's list, on the dashboard and as a page of its own
views      addresses; ``hooks`` joins all of it to Wagtail
========== =======================================================================================================

Seams (Wagtail hooks):

``microacq_translation_aside(translation, user) -> list[Component]``
    Panels beside the editor of a translation. ``translation`` is wagtail-localize's, ``user`` may edit it. A
    component may set ``order`` (integer; ours are 100 to 300, ``LATER`` is 500) and a ``Media`` class. It draws a
    ``{% panel %}`` with ``heading_level="2"`` of its own, needs no JavaScript, and is absent when it has nothing to
    say: leave it out of the list.

``microacq_translation_due(object_ids) -> dict[UUID, datetime]``
    Until when the translations of objects (by translation key) are needed (UTC). The earliest answer counts. One
    call is made for a whole list: answer with a constant number of queries.
"""
