"""The procurement file of one opportunity: number, facts as posted, deadline, state machine."""
