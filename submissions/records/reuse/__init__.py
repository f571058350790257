"""Reuse of bought code: the public catalogue, the Open Resource Exchange, and publiccode.yml."""
