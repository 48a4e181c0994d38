"""Bring older databases to the present schema, one step to a file."""
