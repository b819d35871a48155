"""Shared memory in which payloads lie: one file, cut into slots of equal stride."""

from __future__ import annotations

import mmap
import os
from typing import Mapping


class Arena:
    """Slots are far apart in a sparse file: only pages that were touched take memory."""

    def __init__(self, place: Mapping[str, int]) -> None:
        """`place` is what welcome says: fd, slots, strideBytes, offsetBytes."""
        self._fd = place["fd"]
        self._slots = place["slots"]
        self._stride_bytes = place["strideBytes"]
        self._offset_bytes = place["offsetBytes"]
        self.capacity_bytes = self._stride_bytes - self._offset_bytes
        self._view = memoryview(mmap.mmap(self._fd, self._slots * self._stride_bytes))

    def view(self, index: int, size_bytes: int) -> memoryview:
        """A writable view of a slot's first bytes. Raises ValueError outside the arena."""
        if index >= self._slots or size_bytes > self.capacity_bytes:
            raise ValueError("a slot outside the arena")
        start = self._start(index)
        return self._view[start : start + size_bytes]

    def has_room(self, index: int, filled_bytes: int, size_bytes: int) -> bool:
        """Whether a slot with `filled_bytes` can take more: a page that the memory file system
        can't give would end this process with SIGBUS when it is touched."""
        if size_bytes <= filled_bytes:
            return True
        try:
            os.posix_fallocate(self._fd, self._start(index), size_bytes)
            return True
        except OSError:
            return False

    def _start(self, index: int) -> int:
        return index * self._stride_bytes + self._offset_bytes
