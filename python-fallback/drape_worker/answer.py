"""How a method's outcome becomes one message."""

from __future__ import annotations

import traceback
from typing import TYPE_CHECKING, Any

from .framing import FramingError
from .messages import MAX_TEXT_LENGTH, Message
from .registry import MethodError, Reply

if TYPE_CHECKING:
    from .context import CallContext
    from .peer import Peer

# Half of the cap: JavaScript counts UTF-16 units.
_MAX_TEXT = MAX_TEXT_LENGTH // 2


def answer_of_error(
    call_id: int, what: str | BaseException, message: str = "", private: bool = False
) -> Message:
    if isinstance(what, str):
        return _error(call_id, what, what, message, "")
    kind = type(what).__name__
    if isinstance(what, MethodError):
        return _error(call_id, what.reason, kind, str(what), "")
    if isinstance(what, ImportError):
        return _error(call_id, "package-missing", kind, str(what), _trace(what, private))
    if private:
        return _error(call_id, "method-failed", kind, "", _trace(what, True))
    return _error(call_id, "method-failed", kind, _text_of(what), _trace(what, False))


def _error(call_id: int, reason: str, kind: str, message: str, trace: str) -> Message:
    return {
        "t": "error",
        "id": call_id,
        "reason": reason,
        "type": kind[:256],
        "message": message[:_MAX_TEXT],
        "trace": trace[-_MAX_TEXT:],
    }


def _text_of(error: BaseException) -> str:
    try:
        # Surrogates can't be encoded as UTF-8; an exception's text may be anything.
        return str(error).encode("utf-8", "replace").decode("utf-8")
    except Exception:
        return "its text can't be read"


def _trace(error: BaseException, private: bool) -> str:
    if private:
        places = traceback.extract_tb(error.__traceback__)
        return "\n".join(f"{p.filename}:{p.lineno} in {p.name}" for p in places)
    try:
        text = "".join(traceback.format_exception(type(error), error, error.__traceback__))
        return text.encode("utf-8", "replace").decode("utf-8")
    except Exception:
        return _trace(error, True)


def send_reply(peer: Peer, context: CallContext, outcome: Any, private: bool) -> None:
    """Sends the value, or an error where it is not made of what the protocol carries."""
    reply = outcome if isinstance(outcome, Reply) else Reply(outcome)
    call_id: int = context.message["id"]
    header: Message = {"t": "result", "id": call_id, "value": reply.value}
    try:
        payload = _place(peer, context, reply, header)
        peer.channel.send(header, payload)
    except FramingError as error:
        peer.channel.send(answer_of_error(call_id, "oversized", str(error)))
    except (TypeError, ValueError, OverflowError, BufferError) as error:
        peer.channel.send(answer_of_error(call_id, error, private=private))


def _place(peer: Peer, context: CallContext, reply: Reply, header: Message) -> Any:
    """Puts the bytes into the call's slot where it has one; else returns them to be sent."""
    slot = context.message.get("slot")
    if reply.in_place is not None:
        if context.payload is None or reply.in_place > len(context.payload):
            raise ValueError("in_place is more than the call brought")
        if slot is None:
            return context.payload[: reply.in_place]
        header["slot"] = [slot[0], reply.in_place]
        return None
    if reply.payload is None:
        return None
    data = memoryview(reply.payload).cast("B")
    if slot is None or peer.arena is None or len(data) > peer.arena.capacity_bytes:
        return data
    if not peer.arena.has_room(slot[0], slot[1], len(data)):
        return data
    peer.arena.view(slot[0], len(data))[:] = data
    header["slot"] = [slot[0], len(data)]
    return None
