"""Calls from a method to the other side."""

from __future__ import annotations

import itertools
import threading
from typing import Any

from .channel import Channel
from .messages import Message


class RemoteCallError(Exception):
    """The other side failed, or did not answer in time."""

    def __init__(self, reason: str, message: str) -> None:
        super().__init__(f"{reason}: {message}")
        self.reason = reason


class _Waiting:
    def __init__(self) -> None:
        self.done = threading.Event()
        self.answer: tuple[Message, memoryview | None] | None = None


class Outgoing:
    def __init__(self, channel: Channel) -> None:
        self._channel = channel
        self._ids = itertools.count(1)
        self._waiting: dict[int, _Waiting] = {}
        # Given up on, and still to be answered: they count as open on the other side.
        self._given_up: set[int] = set()
        self._room = threading.Semaphore(1)
        self._lock = threading.Lock()

    def allow(self, max_in_flight: int) -> None:
        self._room = threading.Semaphore(max_in_flight)

    def call(
        self, method: str, args: Any, payload: Any, timeout_s: float | None
    ) -> tuple[Any, memoryview | None]:
        if not self._room.acquire(timeout=timeout_s):
            raise RemoteCallError("deadline", method)
        waiting = _Waiting()
        with self._lock:
            call_id = next(self._ids)
            self._waiting[call_id] = waiting
        message = {
            "t": "call",
            "id": call_id,
            "method": method,
            "key": None,
            "order": "none",
            "timeoutMs": None if timeout_s is None else max(0, int(timeout_s * 1000)),
            "args": args,
        }
        self._channel.send(message, payload)
        if not waiting.done.wait(timeout_s) and self._give_up(call_id):
            self._channel.send({"t": "cancel", "id": call_id})
            raise RemoteCallError("deadline", method)
        assert waiting.answer is not None
        answer, data = waiting.answer
        if answer["t"] == "error":
            raise RemoteCallError(answer["reason"], answer["message"])
        return answer["value"], data

    def _give_up(self, call_id: int) -> bool:
        """False where the answer came in the meantime."""
        with self._lock:
            if self._waiting.pop(call_id, None) is None:
                return False
            self._given_up.add(call_id)
            return True

    def expects(self, call_id: int) -> bool:
        with self._lock:
            return call_id in self._waiting or call_id in self._given_up

    def settle(self, answer: Message, payload: memoryview | None) -> None:
        with self._lock:
            self._given_up.discard(answer["id"])
            waiting = self._waiting.pop(answer["id"], None)
        self._room.release()
        if waiting is not None:
            waiting.answer = (answer, payload)
            waiting.done.set()
