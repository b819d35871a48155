"""Payloads that come in several packets."""

from __future__ import annotations

from typing import Any

from .deflate import inflate
from .limits import Limits
from .messages import Message, MessageError


def packet_bytes(message: Message, payload: bytearray, limits: Limits) -> bytes | bytearray:
    """This packet's payload as it was before deflate."""
    size = message.get("inflatedBytes")
    if size is None:
        return payload
    if size > limits.max_chunk_bytes:
        raise MessageError("inflatedBytes is above the cap of a packet")
    try:
        return inflate(payload, size)
    except ValueError as error:
        raise MessageError(str(error)) from None


class Assemblies:
    """Unfinished messages, by what they belong to. Bounded by the calls that may be open."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self._open: dict[tuple[str, int], tuple[Message, bytearray, int]] = {}

    def begin(self, message: Message, payload: bytearray) -> tuple[Message, Any] | None:
        """The message with its payload; None where more of it is to come."""
        data = packet_bytes(message, payload, self.limits)
        total = message.get("totalBytes")
        if total is None:
            return message, (memoryview(data) if data else None)
        if total > self.limits.max_payload_bytes:
            raise MessageError("totalBytes is above the cap of a payload")
        key = (message["t"], message["id"])
        if key in self._open:
            raise MessageError("a message began twice")
        self._open[key] = (message, bytearray(total), 0)
        return self._fill(key, data)

    def add(self, part: Message, payload: bytearray) -> tuple[Message, Any] | None:
        key = (part["of"], part["id"])
        if key not in self._open:
            raise MessageError("a part of nothing")
        return self._fill(key, packet_bytes(part, payload, self.limits))

    def _fill(self, key: tuple[str, int], data: bytes | bytearray) -> tuple[Message, Any] | None:
        message, buffer, filled = self._open[key]
        end = filled + len(data)
        if not data or end > len(buffer):
            raise MessageError("parts do not add up to totalBytes")
        buffer[filled:end] = data
        if end < len(buffer):
            self._open[key] = (message, buffer, end)
            return None
        del self._open[key]
        return message, memoryview(buffer)
