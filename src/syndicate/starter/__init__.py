"""Make the folder that a newcomer starts from."""
