"""Keep the truth: database, tables, and the shelf of feed files."""
