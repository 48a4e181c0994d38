"""Compose the application, part by part."""
