import type { IncomingMessage, ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { setTimeout as pause } from 'node:timers/promises';
import { createProxyServer } from 'httpxy';
import { policyBeside } from '../security-headers.ts';
import { sendDown, sendDownPage } from './down-page.ts';

/** What the pages may know of a request. No token can be among it, and nothing that Next takes orders from. */
const requestHeaders = new Set([
  ...['host', 'accept', 'accept-encoding', 'accept-language', 'range', 'user-agent'],
  ...['if-none-match', 'if-modified-since', 'if-range', 'purpose', 'sec-purpose'],
  ...['rsc', 'next-url', 'next-router-prefetch', 'next-router-state-tree'],
  'next-router-segment-prefetch',
]);
/** Of one connection (RFC 9110 section 7.6.1), and what nobody needs to know. */
const notPassedOn = new Set([
  ...['connection', 'keep-alive', 'proxy-connection', 'te', 'trailer', 'transfer-encoding'],
  ...['upgrade', 'server', 'x-powered-by'],
]);
const answerWithinMs = 15_000;
/**
 * A page whose one script is not answered stays empty for good: what may be asked again is, before
 * anyone hears of it. The process may have just closed an idle connection, or be between two lives.
 */
const retries = 20;
const retryAfterMs = 150;

/** Hands requests on to the process that serves the pages. */
export class WebProxy {
  // A connection of its own for each request: the process may just be closing one that idled.
  readonly #proxy = createProxyServer({
    selfHandleResponse: true,
    proxyTimeout: answerWithinMs,
    agent: false,
  });
  /** Who waits to hear that a request was not answered. */
  readonly #failures = new WeakMap<IncomingMessage, () => void>();

  constructor() {
    this.#proxy.on('proxyRes', (from, _request, response) => {
      passOn(from, response);
    });
    // The process may end at any moment, also in the middle of an answer.
    this.#proxy.on('error', (_error, request, response) => {
      if (response !== undefined && 'headersSent' in response && response.headersSent) {
        response.destroy();
      }
      if (request) this.#failures.get(request)?.();
    });
  }

  /** @param origin of the web server; undefined while it is down. Asked again for each try */
  async handle(
    request: IncomingMessage,
    response: ServerResponse,
    origin: () => string | undefined,
  ): Promise<void> {
    const own = ownCookies(request.headers.cookie);
    for (const name of Object.keys(request.headers)) {
      if (!requestHeaders.has(name)) Reflect.deleteProperty(request.headers, name);
    }
    if (own !== '') request.headers.cookie = own;
    for (let tried = 0; tried <= retries; tried += 1) {
      const target = origin();
      // A browser that waits for a page is told at once; its parts are waited for.
      if (target === undefined && isForPage(request)) break;
      if (target !== undefined && (await this.#ask(request, response, target))) return;
      if (response.headersSent || response.destroyed) return;
      await pause(retryAfterMs);
    }
    if (isForPage(request)) sendDownPage(response);
    else sendDown(response);
  }

  /** False where nothing was answered. */
  async #ask(request: IncomingMessage, response: ServerResponse, target: string): Promise<boolean> {
    const { promise, resolve } = Promise.withResolvers<boolean>();
    this.#failures.set(request, () => {
      resolve(false);
    });
    const answered = (): void => {
      resolve(true);
    };
    response.once('close', answered);
    // Nothing but reading comes here: no request has a body.
    void this.#proxy.web(request, response, { target, buffer: Readable.from([]) });
    return promise.finally(() => response.off('close', answered));
  }
}

function isForPage({ headers }: IncomingMessage): boolean {
  return headers.accept?.includes('text/html') ?? false;
}

/** Other programs of the same host may have set theirs. */
function ownCookies(all = ''): string {
  return all
    .split(/;\s*/)
    .filter((cookie) => cookie.startsWith('drape-'))
    .join('; ');
}

/** What this server has already said of an answer stays. */
function passOn(from: IncomingMessage, response: ServerResponse): void {
  const { 'content-security-policy': policy, ...headers } = from.headers;
  for (const [name, value] of Object.entries(headers)) {
    if (value === undefined || notPassedOn.has(name) || response.hasHeader(name)) continue;
    response.setHeader(name, value);
  }
  if (headers['content-type']?.startsWith('text/html')) {
    // A page that is kept would come again with the nonce of an earlier answer.
    response.setHeader('Cache-Control', 'no-store');
    if (typeof policy === 'string') {
      response.setHeader('Content-Security-Policy', [policyBeside, policy]);
    }
  }
  response.statusCode = from.statusCode ?? 502;
  from.on('error', () => response.destroy());
  from.pipe(response);
}
