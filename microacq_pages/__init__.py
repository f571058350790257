"""What the public reads and editors write: page types, publishing rules, review tasks, listings.

Must not import ``submissions``: what happens after posting reaches this app only through hooks.
"""
