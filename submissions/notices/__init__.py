"""Outgoing mail: the outbox that is Django's e-mail backend, its delivery, and the texts of notices."""
