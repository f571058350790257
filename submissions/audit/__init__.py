"""The record of every act: append-only, hash-chained, and checked by a command.

Other stages need ``services.record`` and ``services.record_refusal``; the database does the rest.
"""
