import type { IncomingMessage, ServerResponse } from 'node:http';
import { createProxyServer } from 'httpxy';
import { policyBeside } from '../security-headers.ts';
import { sendDownPage } from './down-page.ts';

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

/** Hands requests on to the process that serves the pages. */
export class WebProxy {
  readonly #proxy = createProxyServer({ selfHandleResponse: true, proxyTimeout: answerWithinMs });

  constructor() {
    this.#proxy.on('proxyRes', (from, _request, response) => {
      passOn(from, response);
    });
    // The process may end at any moment, also in the middle of an answer.
    this.#proxy.on('error', (_error, _request, response) => {
      if (response === undefined || !('writeHead' in response) || response.headersSent) {
        response?.destroy();
      } else sendDownPage(response);
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
    const own = ownCookies(request.headers.cookie);
    for (const name of Object.keys(request.headers)) {
      if (!requestHeaders.has(name)) Reflect.deleteProperty(request.headers, name);
    }
    if (own !== '') request.headers.cookie = own;
    await this.#proxy.web(request, response, { target: origin });
  }
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
