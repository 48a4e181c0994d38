"""Measure speed and quality, each against a reference from the same run."""
