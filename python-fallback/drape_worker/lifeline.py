"""Ends this process when its parent is gone, however the parent went."""

from __future__ import annotations

import ctypes
import os
import signal
import sys
import threading
import time

_PR_SET_PDEATHSIG = 1


def follow_parent(parent_pid: int, poll_s: float = 0.5) -> None:
    """`parent_pid` is the process to live under, as it named itself at start."""
    if sys.platform == "linux":
        libc = ctypes.CDLL(None, use_errno=True)
        # The kernel's word, also where this process is stopped or busy in native code. It is
        # bound to the parent's thread, so the watch below stays the second line.
        libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    if os.getppid() != parent_pid:
        os._exit(0)

    def watch() -> None:
        while os.getppid() == parent_pid:
            time.sleep(poll_s)
        os._exit(0)

    threading.Thread(target=watch, name="lifeline", daemon=True).start()
