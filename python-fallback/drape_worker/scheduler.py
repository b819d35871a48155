"""Which call runs when: a fixed number of threads, one call at a time per serial key."""

from __future__ import annotations

import queue
import threading
from collections import deque
from typing import Callable

from .context import CallContext

Run = Callable[[CallContext], None]


class Scheduler:
    def __init__(self, threads: int, run: Run) -> None:
        self._run = run
        self._ready: queue.SimpleQueue[CallContext] = queue.SimpleQueue()
        # Keys of which one call is running or ready, with the calls that wait behind it.
        self._behind: dict[str, deque[CallContext]] = {}
        self._lock = threading.Lock()
        for index in range(threads):
            threading.Thread(target=self._work, name=f"method-{index}", daemon=True).start()

    def submit(self, context: CallContext) -> None:
        key = _serial_key(context)
        if key is not None:
            with self._lock:
                behind = self._behind.get(key)
                if behind is not None:
                    behind.append(context)
                    return
                self._behind[key] = deque()
        self._ready.put(context)

    def _work(self) -> None:
        while True:
            context = self._ready.get()
            try:
                self._run(context)
            finally:
                self._next_of(_serial_key(context))

    def _next_of(self, key: str | None) -> None:
        if key is None:
            return
        with self._lock:
            behind = self._behind[key]
            if behind:
                self._ready.put(behind.popleft())
            else:
                del self._behind[key]


def _serial_key(context: CallContext) -> str | None:
    if context.message["order"] != "serial":
        return None
    return context.key
