"""Every file at a glance: where it is, what comes next and whose it is, and what is overdue."""
