import { isIP } from 'node:net';
import { connect, type TLSSocket } from 'node:tls';
import { WorkerError } from './errors.ts';
import { openLink } from './handshake.ts';
import { givenUp, type WorkerProcess, type WorkerProcessHooks } from './worker-process.ts';
import { boundsOf, limitsOf, type RemotePlace, type WorkerSpec } from './worker-spec.ts';

/**
 * Connects to a worker behind a gateway: TLS 1.3, certificates both ways. A race of hello, the
 * end of the connection and a timeout; it rejects with a WorkerError, and then nothing is left.
 */
export async function connectWorker(
  spec: WorkerSpec & { readonly remote: RemotePlace },
  name: string,
  hooks: WorkerProcessHooks = {},
): Promise<WorkerProcess> {
  const bounds = boundsOf(spec);
  const { host, port, ca, cert, key } = spec.remote;
  const serverName = spec.remote.serverName ?? (isIP(host) === 0 ? host : undefined);
  const socket = connect({
    ...{ host, port, ca, cert, key },
    // An address is no server name (RFC 6066); it is checked against the certificate all the same.
    ...(serverName === undefined ? {} : { servername: serverName }),
    minVersion: 'TLSv1.3',
    rejectUnauthorized: true,
  });
  socket.setNoDelay(true);
  const gone = new Promise<void>((resolve) => {
    socket.once('close', () => {
      resolve();
    });
  });
  const started = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      const detail = `no hello from ${host}:${port} after ${bounds.startTimeoutMs} ms`;
      reject(new WorkerError('start-timeout', { worker: name, detail }));
    }, bounds.startTimeoutMs);
  });
  const linked = openLink({
    ...bounds,
    ...hooks,
    name,
    input: socket,
    output: socket,
    limits: limitsOf(spec),
    // Pixels rarely shrink, masks and text do: a sample decides.
    deflate: true,
    methods: spec.methods ?? {},
    onLog: spec.onLog,
    onMetrics: spec.onMetrics,
  });
  try {
    const link = await Promise.race([
      linked,
      late,
      failed(socket, name, `${host}:${port}`),
      givenUp(name, hooks.signal, started.signal),
    ]);
    socket.once('close', () => {
      link.inputEnded({ exited: true, detail: `the connection to ${host}:${port} ended` });
    });
    void link.ended.then(() => socket.destroy());
    return {
      pid: link.hello.pid,
      link,
      stop: async () => {
        link.fail('closed');
        await gone;
      },
    };
  } catch (error) {
    socket.destroy();
    await gone;
    throw error;
  } finally {
    started.abort();
    clearTimeout(timer);
  }
}

function failed(socket: TLSSocket, worker: string, place: string): Promise<never> {
  return new Promise((_, reject) => {
    socket.once('error', (cause: Error) => {
      const detail = `${place}: ${cause.message}`;
      reject(new WorkerError('transport-failed', { worker, detail, cause }));
    });
    socket.once('close', () => {
      // A gateway that does not know our certificate says nothing more than this.
      const detail = `${place} ended the connection before hello`;
      reject(new WorkerError('transport-failed', { worker, detail }));
    });
    // Errors after the start end the link; its `close` tells.
    socket.on('error', () => undefined);
  });
}
