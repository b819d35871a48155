"""The same work in our worker."""

from drape_worker import Reply, method


@method("frame")
def frame(_context, _args, payload):
    return Reply(in_place=len(payload))


@method("small")
def small(_context, args, _payload):
    return args
