"""The Python side of drape's worker: see docs/worker-protocol.md."""

from .context import CallContext, Cancelled
from .registry import MethodError, Reply, method, model
from .serve import serve

__all__ = ["CallContext", "Cancelled", "MethodError", "Reply", "method", "model", "serve"]
