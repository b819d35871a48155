"""Caps that are checked before anything is allocated. The same numbers as in limits.ts."""

from __future__ import annotations

from dataclasses import dataclass

PREFIX_BYTES = 16

# Not text in any encoding of ASCII or UTF-8, so that a stray print never looks like a packet.
MAGIC = b"\xd7DRP"

PROTOCOL_VERSIONS = (1,)


@dataclass(frozen=True)
class Limits:
    max_header_bytes: int = 1 << 20
    max_chunk_bytes: int = 4 << 20
    max_payload_bytes: int = 128 << 20
