"""Summarisers other than our own."""
