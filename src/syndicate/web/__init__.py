"""Answer requests: each with one flow or one read."""
