"""Translations that leave for a translator's own tools, and come back: PO and XLIFF 1.2.

Reads and writes the records of wagtail-localize, around its own import, which checks nothing. It must not import
``submissions``. Who owns what:

========= ========================================================================================================
units     the strings of a translation with their place, and what may stand there
markup    the inline mark-up of a string, as elements of XLIFF and back (pure)
po, xliff the two formats: written with context and glossary, read with care (no model)
judging   whether a string that came back may be stored, and if not, why
services  judging a file, and storing what may be
panels    the panel beside the editor; ``views`` the addresses; ``hooks`` joins both to Wagtail
========= ========================================================================================================

A string is known by its place and its text: one whose text changed since it left is reported, never stored.
"""
