"""Tests of the guardrails."""
