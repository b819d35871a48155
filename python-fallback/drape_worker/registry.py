"""What a worker offers: methods by name, and the weights they run."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Callable

if TYPE_CHECKING:
    from .context import CallContext

Handler = Callable[["CallContext", Any, "memoryview | None"], Any]


@dataclass(frozen=True)
class Reply:
    """A value with bytes. `in_place` says how many bytes of the call's own payload to send
    back after the method changed them there: no copy is made of what lies in a slot."""

    value: Any = None
    payload: Any = None
    in_place: int | None = None


class MethodError(Exception):
    """A failure with a reason of the protocol, such as `model-missing`. Its message crosses."""

    def __init__(self, reason: str, message: str) -> None:
        super().__init__(message)
        self.reason = reason


@dataclass(frozen=True)
class Method:
    name: str
    handler: Handler
    # Errors of a private method cross as places and types only: a message may quote its input.
    private: bool


METHODS: dict[str, Method] = {}
MODELS: list[dict[str, str]] = []


def method(name: str, *, private: bool = False) -> Callable[[Handler], Handler]:
    """Offers a function under `name`: `(context, args, payload) -> value or Reply`.

    `payload` is a writable view, None where the call has none. It dies with the call.
    """

    def register(handler: Handler) -> Handler:
        if name in METHODS:
            raise ValueError(f"method {name} is registered twice")
        METHODS[name] = Method(name, handler, private)
        return handler

    return register


def model(identifier: str, path: Path) -> Path:
    """Announces weights: their hash goes into the timeline. Raises MethodError."""
    try:
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError as error:
        raise MethodError("model-missing", f"{path.name}: {error.strerror}") from None
    MODELS.append({"id": identifier, "sha256": digest})
    return path
