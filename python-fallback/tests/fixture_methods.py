"""Methods that do what the tests need, good and bad."""

from __future__ import annotations

import ctypes
import os
import signal
import sys
import time
from typing import Any

from drape_worker import CallContext, MethodError, Reply, method

_seen: dict[str, list[Any]] = {}
_hoard: list[bytearray] = []


@method("echo")
def echo(_context: CallContext, args: Any, payload: memoryview | None) -> Any:
    return args if payload is None else Reply(args, in_place=len(payload))


@method("invert")
def invert(_context: CallContext, args: Any, payload: memoryview | None) -> Any:
    """Answers with bytes of its own, not in place."""
    assert payload is not None
    return Reply(args, payload=bytes(255 - byte for byte in payload))


@method("bytes")
def many_bytes(_context: CallContext, args: Any, _payload: memoryview | None) -> Any:
    return Reply(None, payload=bytes(args))


@method("sleep")
def sleep(context: CallContext, args: Any, _payload: memoryview | None) -> Any:
    """Stops when it is cancelled."""
    end = time.monotonic() + args["ms"] / 1000
    while time.monotonic() < end:
        context.check()
        time.sleep(0.002)
    return args.get("value")


@method("sleep-on")
def sleep_on(_context: CallContext, args: Any, _payload: memoryview | None) -> Any:
    """Does not ask whether it was cancelled."""
    time.sleep(args["ms"] / 1000)
    return args.get("value")


@method("hold-the-interpreter")
def hold_the_interpreter(_context: CallContext, args: Any, _payload: memoryview | None) -> Any:
    """Native code that keeps the interpreter lock: no other thread runs, heartbeats stop."""
    ctypes.PyDLL(None).usleep(args["ms"] * 1000)


@method("append")
def append(context: CallContext, args: Any, _payload: memoryview | None) -> Any:
    """State per key: tells what came before under this key, and whether two ran at once."""
    seen = _seen.setdefault(str(context.key), [])
    before = list(seen)
    time.sleep(args.get("ms", 0) / 1000)
    assert seen == before, "two calls of one key at once"
    seen.append(args["value"])
    return {"pid": os.getpid(), "seen": list(seen)}


@method("raise")
def raise_error(_context: CallContext, args: Any, _payload: memoryview | None) -> Any:
    raise ValueError(args)


@method("raise-private", private=True)
def raise_private(_context: CallContext, args: Any, _payload: memoryview | None) -> Any:
    raise ValueError(args)


@method("raise-reason")
def raise_reason(_context: CallContext, args: Any, _payload: memoryview | None) -> Any:
    raise MethodError(args, "weights.bin")


@method("exit")
def leave(_context: CallContext, _args: Any, _payload: memoryview | None) -> Any:
    sys.exit(3)


@method("die")
def die(_context: CallContext, args: Any, _payload: memoryview | None) -> Any:
    os.kill(os.getpid(), getattr(signal, args))
    time.sleep(60)


@method("ignore-sigterm")
def ignore_sigterm(_context: CallContext, _args: Any, _payload: memoryview | None) -> Any:
    # Handlers can be set on the main thread only: ask the C library.
    ctypes.CDLL(None).signal(int(signal.SIGTERM), ctypes.c_void_p(1))
    return os.getpid()


@method("print")
def print_everywhere(_context: CallContext, args: Any, _payload: memoryview | None) -> Any:
    print(args)
    sys.stdout.flush()
    os.write(1, (args + " by descriptor\n").encode())
    libc = ctypes.CDLL(None)
    libc.puts((args + " by a C library").encode())
    libc.fflush(None)
    return "still speaking the protocol"


@method("print-much")
def print_much(_context: CallContext, args: Any, _payload: memoryview | None) -> Any:
    for _ in range(args["lines"]):
        print("x" * args["length"], file=sys.stderr)


@method("garbage")
def garbage(context: CallContext, args: Any, _payload: memoryview | None) -> Any:
    """What the protocol's descriptor is kept from: bytes of somebody else."""
    os.write(context._peer.channel._fd, bytes(args))
    time.sleep(60)


@method("progress")
def progress(context: CallContext, args: Any, _payload: memoryview | None) -> Any:
    sent = [context.progress(step) for step in range(args)]
    return sent.count(True)


@method("log")
def log(context: CallContext, args: Any, _payload: memoryview | None) -> Any:
    context.metrics(queue=2.0)
    return context.log("info", "a method said", what=args)


@method("ask-host")
def ask_host(context: CallContext, args: Any, payload: memoryview | None) -> Any:
    value, data = context.call(args["method"], args.get("args"), payload, args.get("timeoutS"))
    return Reply(value, payload=data)


@method("hoard")
def hoard(_context: CallContext, args: Any, _payload: memoryview | None) -> Any:
    _hoard.extend(bytearray(b"x") * (1 << 20) for _ in range(args))
    return os.getpid()


@method("unencodable")
def unencodable(_context: CallContext, _args: Any, _payload: memoryview | None) -> Any:
    return object()
