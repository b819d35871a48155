"""A worker that breaks the protocol in the way its argument names."""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))

from drape_worker.framing import PacketReader, encode_head  # noqa: E402

HELLO: dict[str, Any] = {
    "t": "hello",
    "versions": [1],
    "name": "rogue",
    "pid": os.getpid(),
    "python": "3",
    "methods": ["x"],
    "models": [],
    "maxInFlight": 4,
}


def send(header: dict[str, Any], payload: bytes = b"", announce: int | None = None) -> None:
    head = encode_head(header, len(payload) if announce is None else announce)
    data = head + payload
    while data:
        data = data[os.write(1, data) :]


def result(call_id: int, **more: Any) -> dict[str, Any]:
    return {"t": "result", "id": call_id, "value": None, **more}


def before_hello(how: str) -> None:
    if how == "silent":
        time.sleep(60)
    if how == "print-first":
        os.write(1, b"Loading weights...\n")
        time.sleep(60)
    if how == "exit-first":
        print("no such device", file=sys.stderr)
        sys.exit(7)
    if how == "no-hello":
        send({"t": "bye"})
        time.sleep(60)
    send({**HELLO, "versions": [98, 99]} if how == "other-version" else HELLO)


def answer(how: str, call_id: int) -> None:
    if how == "lie-long":
        send(result(call_id), b"short", announce=1 << 19)
        send(result(call_id))
    elif how == "lie-huge":
        send(result(call_id, totalBytes=1 << 40), b"x")
    elif how == "lie-prefix":
        os.write(1, b"\xd7DRP" + b"\xff" * 12)
    elif how == "lie-parts":
        send(result(call_id, totalBytes=6), b"1234")
        send({"t": "part", "of": "result", "id": call_id}, b"5678")
    elif how == "part-of-nothing":
        send({"t": "part", "of": "result", "id": 77}, b"5678")
    elif how == "bomb":
        send(result(call_id, inflatedBytes=10), b"\x4b\x4c\xa4\x3d\x00\x00")
    elif how == "twice":
        send(result(call_id))
        send(result(call_id))
    elif how == "never-asked":
        send(result(call_id + 100))
    elif how == "slot":
        send(result(call_id, slot=[5, 100]))
    elif how == "flood":
        while True:
            send({"t": "log", "level": "info", "message": "again", "fields": {}})
    elif how == "flood-progress":
        while True:
            send({"t": "progress", "id": call_id, "value": 1})
    elif how == "close":
        os.close(1)
    elif how == "exit-in-chunk":
        send(result(call_id, totalBytes=1 << 20), b"x" * 1000)
        os.write(1, encode_head(result(call_id), 1000) + b"half")
        os._exit(0)
    elif how == "pong":
        send({"t": "pong", "n": 99, "rssBytes": 1})
    elif how == "call-twice":
        call = {"t": "call", "method": "slow", "key": None, "order": "none", "timeoutMs": None}
        send({**call, "id": 1, "args": None})
        send({**call, "id": 1, "args": None})
    time.sleep(60)


def main() -> None:
    how = sys.argv[1]
    before_hello(how)
    reader = PacketReader(lambda view: os.readv(0, [view]))
    open_id = 0
    while (packet := reader.read()) is not None:
        header = packet[0]
        if header["t"] == "call" and how == "answer-cancelled":
            open_id = header["id"]
        elif header["t"] == "cancel" and how == "answer-cancelled":
            send(result(open_id))
        elif header["t"] == "call" and how == "deaf":
            while True:
                time.sleep(60)
        elif header["t"] == "call":
            answer(how, header["id"])
    sys.exit(0)


main()
