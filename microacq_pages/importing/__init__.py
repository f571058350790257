"""Import of opportunities written as a pair of Markdown files, one in each language.

Pure: ``faults`` names what is wrong and where; ``frontmatter``, ``facts``, ``richtext``, ``body`` and
``parser`` read the files; ``skills`` splits lists of skills; ``alignment`` pairs the texts of the two
languages.
On the database: ``lookup`` finds what the files name, ``content`` puts values on the page, ``translations``
stores the pairs for wagtail-localize, ``preparation`` asks what may be done and ``services`` does it.
"""
