"""Decide: pure functions from facts and a moment to a value."""
