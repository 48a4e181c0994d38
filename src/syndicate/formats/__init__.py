"""Write a Feed as bytes: one format to a file, pure."""
