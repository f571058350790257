"""What of a file is disclosed under the Access to Information Act, and what is left out of it and why."""
