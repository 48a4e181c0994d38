"""Collect a newsroom's articles, publish them as feeds and deliver them as digests."""
