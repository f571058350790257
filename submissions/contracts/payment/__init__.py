"""Invoice, section 34 approval and payment of a contract."""
