"""Hold the sample newsroom that `syndicate demo` shows."""
