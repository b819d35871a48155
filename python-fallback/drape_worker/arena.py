"""Shared memory in which payloads lie: one file, cut into slots of equal stride."""

from __future__ import annotations

import mmap


class Arena:
    """Slots are far apart in a sparse file: only pages that were touched take memory."""

    def __init__(self, fd: int, slots: int, stride_bytes: int) -> None:
        self.slots = slots
        self.stride_bytes = stride_bytes
        self._map = mmap.mmap(fd, slots * stride_bytes)
        self._view = memoryview(self._map)

    def view(self, index: int, size_bytes: int) -> memoryview:
        """A writable view of a slot's first bytes. Raises ValueError outside the arena."""
        if index >= self.slots or size_bytes > self.stride_bytes:
            raise ValueError("a slot outside the arena")
        start = index * self.stride_bytes
        return self._view[start : start + size_bytes]
