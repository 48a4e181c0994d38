"""Compress what is served, once, when it is built."""

import gzip

import brotli  # type: ignore[import-untyped]  # it has no types
import zstandard

ENDINGS = {"br": ".br", "zstd": ".zst", "gzip": ".gz"}


def compress(content: bytes) -> dict[str, bytes]:
    """Return the content in each encoding of HTTP that we offer; equal content gives equal bytes."""
    return {
        "br": brotli.compress(content, quality=5),
        "zstd": zstandard.ZstdCompressor(level=9).compress(content),
        "gzip": gzip.compress(content, compresslevel=6, mtime=0),
    }
