"""Tests of the runnable project: settings, database, commands."""
