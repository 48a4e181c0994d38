"""Read content stores: one kind to a file."""
