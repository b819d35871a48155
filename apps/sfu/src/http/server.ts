import {
  createServer,
  ServerResponse,
  type IncomingMessage,
  type RequestListener,
  type Server,
} from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import { urlHost } from '../config/addresses.ts';
import type { Config } from '../config/index.ts';
import { setSecurityHeaders } from './security-headers.ts';

/** A page asks for some thirty files at once; nobody has a reason for long silences. */
const timeouts = { headersTimeout: 10_000, requestTimeout: 30_000, keepAliveTimeout: 30_000 };

/** Answers of whoever is attached to the server have the headers, too: socket.io takes requests before us. */
class GuardedResponse<T extends IncomingMessage = IncomingMessage> extends ServerResponse<T> {
  constructor(...[request, ...rest]: ConstructorParameters<typeof ServerResponse<T>>) {
    super(request, ...rest);
    setSecurityHeaders(request, this);
  }
}

/** The same for a server that people reach over HTTPS. */
class HttpsResponse<T extends IncomingMessage = IncomingMessage> extends GuardedResponse<T> {
  constructor(...args: ConstructorParameters<typeof ServerResponse<T>>) {
    super(...args);
    // Not for subdomains and not preloaded: whose domain this is, we do not know.
    this.setHeader('Strict-Transport-Security', 'max-age=31536000');
  }
}

export function createListener({ tls, publicUrl }: Config, handle: RequestListener): Server {
  const isHttps = tls !== undefined || publicUrl?.startsWith('https:') === true;
  const options = { ...timeouts, ServerResponse: isHttps ? HttpsResponse : GuardedResponse };
  const server = tls
    ? createHttpsServer({ ...options, ...tls, minVersion: 'TLSv1.2' }, handle)
    : createServer(options, handle);
  // Garbage on the socket: a short answer, and no word of it in the log.
  server.on('clientError', (_error, socket) => {
    if (socket.writable) socket.end('HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n');
  });
  return server;
}

/** @returns the port that is listened on. Rejects with an Error that says what to do. */
export function listen(server: Server, { host, port }: Config): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      reject(new Error(inWords(error, host, port), { cause: error }));
    });
    server.listen(port, host, () => {
      const address = server.address();
      if (typeof address === 'object' && address !== null) resolve(address.port);
      else reject(new Error('the HTTP server has no port'));
    });
  });
}

function inWords({ code, message }: NodeJS.ErrnoException, host: string, port: number): string {
  if (code === 'EADDRINUSE') {
    return `${urlHost(host)}:${port} is in use. Is drape running already? Else set DRAPE_PORT to another port.`;
  }
  if (code === 'EACCES') return `Port ${port} is for root only: set DRAPE_PORT to 1024 or more.`;
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND') {
    return `This machine has no address "${host}": see DRAPE_HOST.`;
  }
  return `Can't listen on ${host}:${port}: ${message}`;
}

/** Idempotent. Open connections get a moment to end by themselves. */
export async function closeListener(server: Server, graceMs = 1000): Promise<void> {
  if (!server.listening) return;
  const closed = new Promise<void>((resolve) => {
    server.close(() => {
      resolve();
    });
  });
  server.closeIdleConnections();
  const timer = setTimeout(() => {
    server.closeAllConnections();
  }, graceMs);
  await closed;
  clearTimeout(timer);
}
