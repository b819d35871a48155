"""Packets: 16 bytes of prefix, a msgpack header, a raw payload."""

from __future__ import annotations

import struct
import zlib
from typing import Any, Callable

import msgpack

from .limits import MAGIC, PREFIX_BYTES, Limits

_PREFIX = struct.Struct("<4sIII")
_LENGTHS = struct.Struct("<II")
_DEFAULTS = Limits()


class FramingError(Exception):
    """The stream can't be read any further: after it no byte has a known meaning."""

    def __init__(self, reason: str, detail: str) -> None:
        super().__init__(f"{reason}: {detail}")
        self.reason = reason


def encode_head(header: Any, payload_bytes: int = 0, limits: Limits = _DEFAULTS) -> bytes:
    """Prefix and header of one packet; the payload follows it on the wire as it is."""
    body: bytes = msgpack.packb(header, use_bin_type=True)
    if len(body) > limits.max_header_bytes:
        raise FramingError("header-too-large", f"{len(body)} bytes")
    if payload_bytes > limits.max_chunk_bytes:
        raise FramingError("payload-too-large", f"{payload_bytes} bytes")
    lengths = _LENGTHS.pack(len(body), payload_bytes)
    return MAGIC + lengths + zlib.crc32(body, zlib.crc32(lengths)).to_bytes(4, "little") + body


def _refuse_extension(code: int, _data: bytes) -> Any:
    raise ValueError(f"extension type {code} is not allowed")


def decode_header(body: bytes) -> Any:
    try:
        return msgpack.unpackb(
            body, raw=False, strict_map_key=True, ext_hook=_refuse_extension, use_list=True
        )
    # Everything that msgpack raises on bad input, and it has several unrelated bases.
    except Exception as error:
        raise FramingError("bad-header", type(error).__name__) from None


class PacketReader:
    """Reads packets from a blocking source. It holds one packet, bounded by the caps."""

    def __init__(
        self, read_into: Callable[[memoryview], int], limits: Limits = _DEFAULTS
    ) -> None:
        self._read_into = read_into
        self.limits = limits
        self._buffer = bytearray(64 * 1024)
        self._view = memoryview(self._buffer)
        self._start = 0
        self._end = 0

    def read(self) -> tuple[Any, bytearray] | None:
        """The next packet; None where the stream ends between two. Raises FramingError."""
        prefix = self._take(PREFIX_BYTES, may_end=True)
        if prefix is None:
            return None
        magic, header_bytes, payload_bytes, crc = _PREFIX.unpack(prefix)
        if magic != MAGIC:
            raise FramingError("desync", "no packet starts here")
        if header_bytes > self.limits.max_header_bytes:
            raise FramingError("header-too-large", f"announces {header_bytes} bytes")
        if payload_bytes > self.limits.max_chunk_bytes:
            raise FramingError("payload-too-large", f"announces {payload_bytes} bytes")
        body = self._take(header_bytes)
        assert body is not None
        if zlib.crc32(body, zlib.crc32(prefix[4:12])) != crc:
            raise FramingError("checksum", "lengths and header were changed on the way")
        header = decode_header(body)
        payload = self._take(payload_bytes) if payload_bytes else bytearray()
        assert payload is not None
        return header, payload

    def _take(self, size: int, may_end: bool = False) -> bytearray | None:
        out = bytearray(size)
        view = memoryview(out)
        filled = min(size, self._end - self._start)
        view[:filled] = self._view[self._start : self._start + filled]
        self._start += filled
        while filled < size:
            left = size - filled
            # What is large is read straight to its place; the rest in as few calls as possible.
            if left >= len(self._buffer):
                count = self._read_into(view[filled:])
                if count > 0:
                    filled += count
                    continue
            else:
                count = self._read_into(self._view)
                self._start, self._end = 0, max(count, 0)
                taken = min(left, self._end)
                view[filled : filled + taken] = self._view[:taken]
                self._start = taken
                filled += taken
            if count <= 0:
                if may_end and filled == 0:
                    return None
                raise FramingError("cut", "the stream ended inside a packet")
        return out
