"""Import of opportunities written as a pair of Markdown files, one in each language.

``faults`` names what is wrong and where; ``frontmatter``, ``facts``, ``richtext``, ``body`` and ``parser`` read
the files; ``skills`` splits lists of skills; ``alignment`` pairs the texts of the two languages; ``translations``
stores the pairs for wagtail-localize; ``services`` writes the pages. Only the last two touch the database.
"""
