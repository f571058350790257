"""Offer, acceptance, countersignature and award; letters to the others, debrief and complaint."""
