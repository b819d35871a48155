"""Every message of the protocol, in both directions. The same list as in messages.ts."""

from __future__ import annotations

from typing import Any, Callable, Mapping

MAX_NAME_LENGTH = 256
MAX_TEXT_LENGTH = 64 * 1024
MAX_LIST_LENGTH = 1024
MAX_INTEGER = (1 << 53) - 1

CALL_ERROR_REASONS = (
    "unknown-method",
    "method-failed",
    "cancelled",
    "deadline",
    "overloaded",
    "model-missing",
    "model-corrupt",
    "package-missing",
    "oversized",
    "closed",
)
LOG_LEVELS = ("debug", "info", "warn", "error")

Message = dict[str, Any]
Check = Callable[[Any], bool]


class MessageError(Exception):
    """A packet that is well framed but is no message."""


def _integer(minimum: int = 0) -> Check:
    def check(value: Any) -> bool:
        return type(value) is int and minimum <= value <= MAX_INTEGER

    return check


def _text(max_length: int = MAX_NAME_LENGTH) -> Check:
    # JavaScript counts UTF-16 units and Python code points: the count here is never the larger.
    return lambda value: isinstance(value, str) and len(value) <= max_length


def _one_of(known: tuple[str, ...]) -> Check:
    return lambda value: isinstance(value, str) and value in known


def _nullable(check: Check) -> Check:
    return lambda value: value is None or check(value)


def _list_of(check: Check) -> Check:
    return lambda value: (
        isinstance(value, list) and len(value) <= MAX_LIST_LENGTH and all(map(check, value))
    )


def _map_of(fields: Mapping[str, Check]) -> Check:
    return lambda value: (
        isinstance(value, dict)
        and all(name in value and check(value[name]) for name, check in fields.items())
    )


def _number(value: Any) -> bool:
    return type(value) in (int, float)


def _slot(value: Any) -> bool:
    return isinstance(value, list) and len(value) == 2 and all(map(_integer(), value))


def _numbers(value: Any) -> bool:
    return (
        isinstance(value, dict)
        and len(value) <= MAX_LIST_LENGTH
        and all(map(_number, value.values()))
    )


def _anything(_value: Any) -> bool:
    return True


_MODEL = _map_of({"id": _text(), "sha256": _text()})
_ARENA = _map_of(
    {
        "fd": _integer(),
        "slots": _integer(1),
        "strideBytes": _integer(1),
        "offsetBytes": _integer(),
    }
)

# name → check; a name that ends in "?" may be missing.
_BODY: dict[str, Check] = {
    "slot?": _slot,
    "totalBytes?": _integer(1),
    "inflatedBytes?": _integer(1),
}
_SHAPES: dict[str, dict[str, Check]] = {
    "call": {
        "id": _integer(1),
        "method": _text(),
        "key": _nullable(_text()),
        "order": _one_of(("none", "serial")),
        "timeoutMs": _nullable(_integer()),
        "args": _anything,
        **_BODY,
    },
    "result": {"id": _integer(1), "value": _anything, **_BODY},
    "error": {
        "id": _integer(1),
        "reason": _one_of(CALL_ERROR_REASONS),
        "type": _text(),
        "message": _text(MAX_TEXT_LENGTH),
        "trace": _text(MAX_TEXT_LENGTH),
    },
    "fatal": {
        "reason": _one_of(CALL_ERROR_REASONS),
        "type": _text(),
        "message": _text(MAX_TEXT_LENGTH),
        "trace": _text(MAX_TEXT_LENGTH),
    },
    "cancel": {"id": _integer(1)},
    "progress": {"id": _integer(1), "value": _anything},
    "part": {"of": _one_of(("call", "result")), "id": _integer(1), "inflatedBytes?": _integer(1)},
    "log": {
        "level": _one_of(LOG_LEVELS),
        "message": _text(MAX_TEXT_LENGTH),
        "fields": _map_of({}),
    },
    "metrics": {"values": _numbers},
    "ping": {"n": _integer()},
    "pong": {"n": _integer(), "rssBytes": _integer()},
    "bye": {},
    "hello": {
        "versions": _list_of(_integer()),
        "name": _text(),
        "pid": _integer(1),
        "python": _text(),
        "methods": _list_of(lambda value: isinstance(value, str)),
        "models": _list_of(_MODEL),
        "maxInFlight": _integer(1),
    },
    "welcome": {
        "version": _integer(1),
        "maxPayloadBytes": _integer(1),
        "maxChunkBytes": _integer(1),
        "maxInFlight": _integer(1),
        "maxNotificationsPerSecond": _integer(1),
        "arena": _nullable(_ARENA),
        "deflate": lambda value: isinstance(value, bool),
    },
}


def parse_message(header: Any) -> Message:
    """Checks a decoded header once. Unknown fields are dropped. Raises MessageError."""
    if not isinstance(header, dict):
        raise MessageError("the header is not a map")
    kind = header.get("t")
    shape = _SHAPES.get(kind) if isinstance(kind, str) else None
    if shape is None:
        raise MessageError("the message type is unknown")
    message: Message = {"t": kind}
    for name, check in shape.items():
        field = name.rstrip("?")
        if field not in header:
            if name == field:
                raise MessageError(f"field {field} is missing")
            continue
        if not check(header[field]):
            raise MessageError(f"field {field} is not what the protocol says")
        message[field] = header[field]
    return message
