"""The mailing list of new opportunities: who is on it, by skill, language and rhythm, and what is sent to them."""
