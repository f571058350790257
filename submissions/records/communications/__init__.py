"""Telling people of an opportunity: texts ready to send, where it was announced, and how applicants learned of it."""
