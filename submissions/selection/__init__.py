"""The public, verifiable draw: who is selected among the applications that passed every criterion."""
