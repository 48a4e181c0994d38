"""Hand messages over: one way out to a file."""
