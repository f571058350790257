"""A PostgreSQL from a wheel, for trying, developing and testing. Production settings refuse it.

`server` starts, shares and stops it; `base` is the database engine for Django's settings, which starts it when the
first connection is asked for, so that commands that need no database start none.
"""
