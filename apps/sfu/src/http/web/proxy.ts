import type { IncomingMessage, ServerResponse } from 'node:http';
import { createProxyServer } from 'httpxy';
import { newNonce, policyFor, policyForNext } from '../security-headers.ts';
import { sendDownPage } from './down-page.ts';

/** What the pages may know of a request. No token can be among it, and nothing that Next takes orders from. */
const requestHeaders = new Set([
  ...['host', 'accept', 'accept-encoding', 'accept-language', 'range'],
  ...['if-none-match', 'if-modified-since', 'if-range', 'purpose', 'sec-purpose', 'user-agent'],
  ...[
    'rsc',
    'next-router-prefetch',
    'next-router-segment-prefetch',
    'next-router-state-tree',
    'next-url',
  ],
]);
const responseHeaders = new Set([
  ...['content-type', 'content-length', 'content-encoding', 'content-range', 'accept-ranges'],
  ...['cache-control', 'etag', 'last-modified', 'vary', 'location', 'link'],
]);

/** A page is some ten kilobytes. */
const mostHtmlBytes = 4 * 1024 * 1024;
const answerWithinMs = 15_000;

/** Hands requests on to the process that serves the pages. */
export class WebProxy {
  readonly #proxy = createProxyServer({ selfHandleResponse: true, proxyTimeout: answerWithinMs });
  readonly #nonces = new WeakMap<IncomingMessage, string>();

  constructor() {
    this.#proxy.on('proxyRes', (from, request, response) => {
      const nonce = this.#nonces.get(request) ?? newNonce();
      passOn(from, response, nonce).catch(() => {
        giveUp(response);
      });
    });
    // Where it has a listener, httpxy does not throw: the page may also end in the middle of an answer.
    this.#proxy.on('error', (_error, _request, response) => {
      if (response !== undefined && 'writeHead' in response) giveUp(response);
    });
  }

  /** @param origin of the web server; undefined while it is down */
  async handle(
    request: IncomingMessage,
    response: ServerResponse,
    origin: string | undefined,
  ): Promise<void> {
    if (origin === undefined) {
      sendDownPage(response);
      return;
    }
    const nonce = newNonce();
    this.#nonces.set(request, nonce);
    for (const name of Object.keys(request.headers)) {
      if (!requestHeaders.has(name)) Reflect.deleteProperty(request.headers, name);
    }
    request.headers['content-security-policy'] = policyForNext(nonce);
    // Pages are read here before they are passed on; all else may come compressed.
    if (request.headers.accept?.includes('text/html')) delete request.headers['accept-encoding'];
    await this.#proxy.web(request, response, { target: origin });
  }
}

async function passOn(
  from: IncomingMessage,
  response: ServerResponse,
  nonce: string,
): Promise<void> {
  for (const [name, value] of Object.entries(from.headers)) {
    if (value !== undefined && responseHeaders.has(name)) response.setHeader(name, value);
  }
  response.statusCode = from.statusCode ?? 502;
  if (!isHtml(from)) {
    from.on('error', () => response.destroy());
    from.pipe(response);
    return;
  }
  const html = await textOf(from);
  response.setHeader('Content-Security-Policy', policyFor(html, nonce));
  response.setHeader('Content-Length', Buffer.byteLength(html));
  // A page that is kept would come with the nonce of an earlier answer.
  response.setHeader('Cache-Control', 'no-store');
  response.removeHeader('ETag');
  response.removeHeader('Last-Modified');
  response.end(html);
}

function isHtml({ headers }: IncomingMessage): boolean {
  const isPlain = headers['content-encoding'] === undefined;
  return isPlain && (headers['content-type'] ?? '').startsWith('text/html');
}

async function textOf(from: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  let sizeBytes = 0;
  for await (const part of from as AsyncIterable<Buffer>) {
    sizeBytes += part.length;
    if (sizeBytes > mostHtmlBytes) throw new RangeError('the page is too large');
    parts.push(part);
  }
  return Buffer.concat(parts).toString('utf8');
}

function giveUp(response: ServerResponse): void {
  if (response.headersSent) response.destroy();
  else sendDownPage(response);
}
