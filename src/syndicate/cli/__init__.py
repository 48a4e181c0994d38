"""Offer the commands: each runs one flow and prints what came of it."""
