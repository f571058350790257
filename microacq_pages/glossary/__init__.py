"""The glossary: which French word the department uses for which English one, and where a translation departs from it.

It must not import ``submissions``. Who owns what:

======== =========================================================================================================
matching whether a term occurs in a text, in whatever form (pure)
terms    the terms as data, and what they say of a translation
tables   terms as CSV, in and out
seeding  the department's terms, with which a new site begins (``terms.csv``)
checks   what glossary and typography say of the strings of one translation
panels   the panels beside the editor of a translation
viewsets the terms in the Wagtail admin; ``views`` has what has no view set; ``hooks`` joins all of it to Wagtail
======== =========================================================================================================

Nothing here ever stops a translation: a glossary is right until a sentence needs another word.
"""
