"""Raw deflate (RFC 1951) of payloads, only where the other side asked for it."""

from __future__ import annotations

import zlib

MIN_BYTES = 4096
SAMPLE_BYTES = 16 * 1024
# Level 1 costs about 10 ms a megabyte: it must save at least this share to be worth it.
MAX_RATIO = 0.7


def deflate(data: memoryview | bytes) -> bytes | None:
    """The deflated bytes; None where a sample says that it does not pay."""
    if len(data) < MIN_BYTES:
        return None
    if len(_pack(data[:SAMPLE_BYTES])) > MAX_RATIO * min(len(data), SAMPLE_BYTES):
        return None
    packed = _pack(data)
    return packed if len(packed) < len(data) else None


def _pack(data: memoryview | bytes) -> bytes:
    packer = zlib.compressobj(1, zlib.DEFLATED, -15)
    return packer.compress(data) + packer.flush()


def inflate(data: bytes | bytearray, size_bytes: int) -> bytes:
    """Exactly `size_bytes` bytes, or ValueError: a lie about the size allocates nothing more."""
    unpacker = zlib.decompressobj(-15)
    try:
        out = unpacker.decompress(data, size_bytes + 1)
    except zlib.error:
        raise ValueError("the payload is not deflated") from None
    if len(out) != size_bytes or not unpacker.eof or unpacker.unused_data:
        raise ValueError("the payload does not inflate to the size it announced")
    return out
