"""How much memory this process holds of its own."""

from __future__ import annotations

import resource
import sys


def own_bytes() -> int:
    """Anonymous resident memory. The shared arena does not count: its parent owns it."""
    try:
        with open("/proc/self/status", encoding="ascii") as status:
            for line in status:
                if line.startswith("RssAnon:"):
                    return int(line.split()[1]) * 1024
    except OSError:
        pass
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024
