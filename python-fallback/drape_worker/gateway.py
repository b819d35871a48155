"""Lets a host elsewhere use workers here: TLS outside, an ordinary worker on stdio inside.

    python -m drape_worker.gateway --listen 10.0.0.7:7443 \\
        --cert gateway.pem --key gateway.key --client-ca host.pem drape_worker.detectors.text

Every connection has a process of its own, which ends with it. TLS 1.3 and a certificate of the
client are required: there is no way to run it without.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import ssl
import sys
from typing import Sequence

_CHUNK_BYTES = 256 * 1024


def tls_context(cert: str, key: str, client_ca: str) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_3
    context.verify_mode = ssl.CERT_REQUIRED
    context.load_cert_chain(cert, key)
    context.load_verify_locations(client_ca)
    return context


class Gateway:
    def __init__(self, worker_args: Sequence[str], most: int) -> None:
        self._worker_args = worker_args
        self._room = asyncio.Semaphore(most)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self._room.locked():
            print("gateway: a connection was refused, all are taken", file=sys.stderr, flush=True)
            writer.close()
            return
        async with self._room:
            await self._run(reader, writer)

    async def _run(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        worker = await asyncio.create_subprocess_exec(
            *(sys.executable, "-s", "-X", "utf8", "-m", "drape_worker", *self._worker_args),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            env={**os.environ, "DRAPE_WORKER_PARENT": str(os.getpid())},
        )
        assert worker.stdin is not None and worker.stdout is not None
        ways = [
            asyncio.create_task(_pump(reader, worker.stdin)),
            asyncio.create_task(_pump(worker.stdout, writer)),
        ]
        try:
            # Whichever end goes first takes the other with it.
            await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for way in ways:
                way.cancel()
            if worker.returncode is None:
                worker.kill()
            await worker.wait()
            writer.close()


async def _pump(source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
    try:
        while data := await source.read(_CHUNK_BYTES):
            sink.write(data)
            # As fast as the slower side: nothing piles up here.
            await sink.drain()
    except (ConnectionError, ssl.SSLError):
        pass


async def _main(options: argparse.Namespace) -> None:
    host, _, port = options.listen.rpartition(":")
    worker_args = ["--name", options.name, "--threads", str(options.threads), *options.modules]
    gateway = Gateway(worker_args, options.most)
    context = tls_context(options.cert, options.key, options.client_ca)
    server = await asyncio.start_server(gateway.serve, host.strip("[]"), int(port), ssl=context)
    at = server.sockets[0].getsockname()
    print(f"gateway: listening on {at[0]}:{at[1]}", file=sys.stderr, flush=True)
    async with server:
        await server.serve_forever()


def main(argv: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="python -m drape_worker.gateway", description=__doc__)
    parser.add_argument("--listen", required=True, help="address:port")
    parser.add_argument("--cert", required=True, help="own certificate, PEM")
    parser.add_argument("--key", required=True, help="own private key, PEM")
    parser.add_argument("--client-ca", required=True, help="whom to let in, PEM")
    parser.add_argument("--name", default="remote")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--most", type=int, default=8, help="connections at once")
    parser.add_argument("modules", nargs="+")
    asyncio.run(_main(parser.parse_args(argv)))


if __name__ == "__main__":
    main()
