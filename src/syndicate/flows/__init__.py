"""Do: one use case to a file, each asking the core for decisions and carrying them out."""
