"""Finding an opportunity: words, the index, what the address asks, counts, one page of results.

The filters are in ``filters.py``, the feeds in ``feeds.py``; the database's part is in the migrations named ``find``.
Must not import ``submissions``.
"""
