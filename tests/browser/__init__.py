"""The site as a person meets it: a real browser, a real server, a database of its own. See conftest.py."""
