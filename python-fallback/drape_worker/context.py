"""What a method may ask of the call that it serves."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING, Any

from .messages import Message

if TYPE_CHECKING:
    from .peer import Peer


class Cancelled(Exception):
    """The caller gave up, or its deadline passed."""


class CallContext:
    """One call. Methods that compute for long ask `check()` between steps."""

    def __init__(self, peer: Peer, message: Message, payload: memoryview | None) -> None:
        self.message = message
        self.payload = payload
        self._peer = peer
        self._cancelled = threading.Event()
        self._claim = threading.Lock()
        timeout_ms = message["timeoutMs"]
        self._deadline = None if timeout_ms is None else time.monotonic() + timeout_ms / 1000

    @property
    def key(self) -> str | None:
        """Which stream it belongs to: calls of one key come one at a time if the caller asked."""
        key: str | None = self.message["key"]
        return key

    @property
    def cancelled(self) -> bool:
        return self._cancelled.is_set()

    @property
    def remaining_s(self) -> float | None:
        """Seconds until the caller stops waiting; None: it waits without end."""
        return None if self._deadline is None else self._deadline - time.monotonic()

    @property
    def expired(self) -> bool:
        return self._deadline is not None and time.monotonic() >= self._deadline

    def cancel(self) -> None:
        self._cancelled.set()

    def claim(self) -> bool:
        """True for one asker only: who answers, the method or whoever cancels it before."""
        return self._claim.acquire(blocking=False)

    def check(self) -> None:
        """Raises Cancelled where there is nobody left to answer."""
        if self.cancelled or self.expired:
            raise Cancelled

    def progress(self, value: Any) -> bool:
        """Tells the caller how far it is; False where it was dropped for want of budget."""
        return self._peer.channel.notify(
            {"t": "progress", "id": self.message["id"], "value": value}
        )

    def log(self, level: str, message: str, **fields: Any) -> bool:
        """Static text and fields. Nothing that was read in a picture belongs in either."""
        return self._peer.channel.notify(
            {"t": "log", "level": level, "message": message, "fields": fields}
        )

    def metrics(self, **values: float) -> bool:
        return self._peer.channel.notify({"t": "metrics", "values": values})

    def call(
        self, method: str, args: Any = None, payload: Any = None, timeout_s: float | None = None
    ) -> tuple[Any, memoryview | None]:
        """Calls a method of the other side and waits: (value, bytes). Raises RemoteCallError."""
        limit = self.remaining_s if timeout_s is None else timeout_s
        return self._peer.outgoing.call(method, args, payload, limit)
