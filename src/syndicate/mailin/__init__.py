"""Receive mail that comes to us: reports, handed over by LMTP or SMTP."""
