"""From the command line to a running worker."""

from __future__ import annotations

import argparse
import importlib
import os
import platform
import signal
import sys
from typing import Sequence

from .answer import answer_of_error
from .channel import Channel
from .framing import FramingError, PacketReader
from .lifeline import follow_parent
from .limits import PROTOCOL_VERSIONS
from .messages import Message, MessageError
from .peer import Peer
from .privacy import forbid_dumps
from .registry import METHODS, MODELS
from .stdio import take_stdio

EXIT_PROTOCOL = 70
EXIT_START = 71


def serve(name: str = "worker", modules: Sequence[str] = (), threads: int = 1) -> None:
    """Speaks the protocol on stdin and stdout until the other side goes. Does not return."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    forbid_dumps()
    parent = os.environ.get("DRAPE_WORKER_PARENT")
    if parent is not None:
        follow_parent(int(parent))
    incoming, outgoing = take_stdio()
    channel = Channel(outgoing)
    try:
        for module in modules:
            importlib.import_module(module)
    except BaseException as error:
        failure = answer_of_error(1, error)
        channel.send({**failure, "t": "fatal"})
        _exit(EXIT_START)
    most = max(4, 2 * threads)
    channel.send(_hello(name, most))
    reader = PacketReader(lambda view: os.readv(incoming, [view]))
    try:
        Peer(reader, channel, threads, most).run()
    except (FramingError, MessageError) as error:
        print(f"drape_worker: protocol broken by the caller: {error}", file=sys.stderr)
        _exit(EXIT_PROTOCOL)
    _exit(0)


def _hello(name: str, most: int) -> Message:
    return {
        "t": "hello",
        "versions": list(PROTOCOL_VERSIONS),
        "name": name,
        "pid": os.getpid(),
        "python": platform.python_version(),
        "methods": sorted(METHODS),
        "models": MODELS,
        "maxInFlight": most,
    }


def _exit(code: int) -> None:
    # Not sys.exit: method threads may be deep in native code and would be waited for.
    sys.stderr.flush()
    os._exit(code)


def main(argv: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="python -m drape_worker", description=__doc__)
    parser.add_argument("--name", default="worker", help="what logs and errors call it")
    parser.add_argument("--threads", type=int, default=1, help="methods that run at once")
    parser.add_argument("modules", nargs="*", help="Python modules that register methods")
    options = parser.parse_args(argv)
    serve(options.name, options.modules, options.threads)
