"""The way out: packets from many threads, one stream."""

from __future__ import annotations

import os
import queue
import select
import threading
import time
from typing import Any

from .deflate import deflate
from .framing import FramingError, encode_head
from .limits import Limits
from .messages import Message


class Channel:
    """`send` blocks while the other side does not read: that is the backpressure on methods.
    `post` never blocks, for the thread that reads the protocol."""

    def __init__(self, fd: int) -> None:
        self.limits = Limits()
        self.deflate = False
        self._fd = fd
        self._lock = threading.Lock()
        self._posts: queue.SimpleQueue[bytes] = queue.SimpleQueue()
        self._budget = _Budget(100)
        threading.Thread(target=self._post_all, name="post", daemon=True).start()

    def allow_notifications(self, per_second: int) -> None:
        # Below what the other side allows: its clock and ours are not the same.
        self._budget = _Budget(per_second * 0.5)

    def post(self, message: Message) -> None:
        """For answers to what the reader itself can answer: as many as the other side asks."""
        self._posts.put(encode_head(message, 0, self.limits))

    def notify(self, message: Message) -> bool:
        """Sends a log, metric or progress; False where the budget of this second is used up."""
        if not self._budget.take():
            return False
        # From the method's own thread: it comes before the answer, and waits like it.
        self.send(message)
        return True

    def send(self, message: Message, payload: Any = None) -> None:
        data = memoryview(payload).cast("B") if payload is not None else None
        if data is None or len(data) == 0:
            self._write(encode_head(message, 0, self.limits), None)
            return
        if len(data) > self.limits.max_payload_bytes:
            raise FramingError("payload-too-large", f"{len(data)} bytes")
        chunk_bytes = self.limits.max_chunk_bytes
        header: Message = message
        if len(data) > chunk_bytes:
            header = {**message, "totalBytes": len(data)}
        # The lock is given back between chunks, so that pongs and logs get through.
        for start in range(0, len(data), chunk_bytes):
            self._send_chunk(header, data[start : start + chunk_bytes])
            header = {"t": "part", "of": message["t"], "id": message["id"]}

    def _send_chunk(self, header: Message, chunk: memoryview) -> None:
        packed = deflate(chunk) if self.deflate else None
        if packed is not None:
            header = {**header, "inflatedBytes": len(chunk)}
            chunk = memoryview(packed)
        self._write(encode_head(header, len(chunk), self.limits), chunk)

    def _write(self, head: bytes, payload: memoryview | None) -> None:
        with self._lock:
            if payload is None:
                _write_all(self._fd, memoryview(head))
                return
            written = _try_writev(self._fd, [head, payload])
            if written < len(head):
                _write_all(self._fd, memoryview(head)[written:])
            _write_all(self._fd, payload[max(0, written - len(head)) :])

    def _post_all(self) -> None:
        while True:
            self._write(self._posts.get(), None)


def _try_writev(fd: int, buffers: list[Any]) -> int:
    try:
        return os.writev(fd, buffers)
    except BlockingIOError:
        return 0
    except BrokenPipeError:
        os._exit(0)


def _write_all(fd: int, data: memoryview) -> None:
    while data:
        try:
            data = data[os.write(fd, data) :]
        except BlockingIOError:
            select.select([], [fd], [])
        except BrokenPipeError:
            # Nobody is there to answer any more.
            os._exit(0)


class _Budget:
    """So many a second, saved up for at most one second."""

    def __init__(self, per_second: float) -> None:
        self._rate = per_second
        self._left = per_second
        self._at = time.monotonic()
        self._lock = threading.Lock()

    def take(self) -> bool:
        with self._lock:
            now = time.monotonic()
            self._left = min(self._rate, self._left + (now - self._at) * self._rate)
            self._at = now
            if self._left < 1:
                return False
            self._left -= 1
            return True
