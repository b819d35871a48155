"""Takes the protocol's descriptors away from everybody else in the process."""

from __future__ import annotations

import os


def take_stdio() -> tuple[int, int]:
    """Returns private copies of fd 0 and 1, and points 0 at nothing and 1 at stderr.

    It works on descriptors, not on sys.stdout, so that prints of C libraries go to the log too.
    Children do not inherit the copies.
    """
    incoming = os.dup(0)
    outgoing = os.dup(1)
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    os.dup2(2, 1)
    return incoming, outgoing
