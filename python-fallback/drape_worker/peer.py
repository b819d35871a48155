"""One connection to the caller: reads the protocol, runs methods elsewhere, answers."""

from __future__ import annotations

import threading
from typing import Any

from .answer import answer_of_error, send_reply
from .arena import Arena
from .assembly import Assemblies
from .channel import Channel
from .context import CallContext, Cancelled
from .framing import PacketReader
from .limits import PROTOCOL_VERSIONS, Limits
from .memory import own_bytes
from .messages import Message, MessageError, parse_message
from .outgoing import Outgoing
from .registry import METHODS
from .scheduler import Scheduler


class Peer:
    """`run` is the reading thread: it never computes and never blocks on writing."""

    def __init__(self, reader: PacketReader, channel: Channel, threads: int, most: int) -> None:
        self.channel = channel
        self.outgoing = Outgoing(channel)
        self.arena: Arena | None = None
        self._reader = reader
        # An answer is out before its call is struck off: that many more may be seen open.
        self._most = most + threads
        self._open: dict[int, CallContext] = {}
        self._last_id = 0
        self._lock = threading.Lock()
        self._idle = threading.Event()
        self._assemblies = Assemblies(Limits())
        self._scheduler = Scheduler(threads, self._serve)

    def run(self) -> None:
        """Until the other side says bye or its end closes. Raises on a broken protocol."""
        self._greet()
        while True:
            packet = self._reader.read()
            if packet is None:
                return
            message = parse_message(packet[0])
            if message["t"] == "bye":
                self._drain()
                return
            self._take(message, packet[1])

    def _greet(self) -> None:
        packet = self._reader.read()
        if packet is None:
            return
        welcome = parse_message(packet[0])
        if welcome["t"] != "welcome" or welcome["version"] not in PROTOCOL_VERSIONS:
            raise MessageError("the first message is no welcome that this worker knows")
        limits = Limits(
            max_chunk_bytes=welcome["maxChunkBytes"],
            max_payload_bytes=welcome["maxPayloadBytes"],
        )
        self._reader.limits = self.channel.limits = self._assemblies.limits = limits
        self.channel.deflate = welcome["deflate"]
        self.channel.allow_notifications(welcome["maxNotificationsPerSecond"])
        self.outgoing.allow(welcome["maxInFlight"])
        place = welcome["arena"]
        if place is not None:
            self.arena = Arena(place)

    def _take(self, message: Message, payload: bytearray) -> None:
        kind = message["t"]
        if kind == "ping":
            self.channel.post({"t": "pong", "n": message["n"], "rssBytes": own_bytes()})
        elif kind == "cancel":
            self._cancel(message["id"])
        elif kind == "error":
            self._expect(message["id"])
            self.outgoing.settle(message, None)
        elif kind in ("call", "result", "part"):
            if kind == "result":
                self._expect(message["id"])
            whole = (
                self._assemblies.add(message, payload)
                if kind == "part"
                else self._assemblies.begin(message, payload)
            )
            if whole is not None:
                self._complete(*whole)
        else:
            raise MessageError(f"a {kind} is not for a worker")

    def _complete(self, message: Message, payload: memoryview | None) -> None:
        if message["t"] == "result":
            self.outgoing.settle(message, payload)
            return
        if message["id"] <= self._last_id:
            raise MessageError("a call number was used twice")
        self._last_id = message["id"]
        slot = message.get("slot")
        if slot is not None:
            if self.arena is None:
                raise MessageError("a slot, and no arena")
            try:
                payload = self.arena.view(slot[0], slot[1])
            except ValueError as error:
                raise MessageError(str(error)) from None
        context = CallContext(self, message, payload)
        with self._lock:
            full = len(self._open) >= self._most
            if not full:
                self._open[message["id"]] = context
        if full:
            self.channel.post(answer_of_error(message["id"], "overloaded", "too many calls"))
        else:
            self._scheduler.submit(context)

    def _serve(self, context: CallContext) -> None:
        """On a method's thread. Answers exactly once, whatever happens."""
        if not context.claim():
            return
        call_id: int = context.message["id"]
        reply: Any = None
        error: Message | None = None
        entry = METHODS.get(context.message["method"])
        private = entry is not None and entry.private
        try:
            if entry is None:
                error = answer_of_error(call_id, "unknown-method", context.message["method"])
            else:
                context.check()
                reply = entry.handler(context, context.message["args"], context.payload)
        except Cancelled:
            error = answer_of_error(call_id, "deadline" if context.expired else "cancelled", "")
        # BaseException: a method that calls sys.exit() must not take its thread along.
        except BaseException as raised:
            error = answer_of_error(call_id, raised, private=private)
        if error is None:
            send_reply(self, context, reply, private)
        else:
            self.channel.send(error)
        self._strike_off(call_id)

    def _strike_off(self, call_id: int) -> None:
        with self._lock:
            del self._open[call_id]
            if not self._open:
                self._idle.set()

    def _cancel(self, call_id: int) -> None:
        with self._lock:
            context = self._open.get(call_id)
        # A cancel that crosses the answer finds nothing, which is no error.
        if context is None:
            return
        context.cancel()
        if context.claim():
            self.channel.post(answer_of_error(call_id, "cancelled"))
            self._strike_off(call_id)

    def _expect(self, call_id: int) -> None:
        if not self.outgoing.expects(call_id):
            raise MessageError("an answer to no open call")

    def _drain(self) -> None:
        while True:
            self._idle.clear()
            with self._lock:
                if not self._open:
                    return
            self._idle.wait()
