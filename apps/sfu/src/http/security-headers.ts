import { createHash, randomBytes } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import helmet from 'helmet';

/** What a page may do: everything comes from us, nothing goes elsewhere. */
const directives: Readonly<Record<string, readonly string[]>> = {
  'default-src': ["'self'"],
  'base-uri': ["'none'"],
  'connect-src': ["'self'"],
  'font-src': ["'self'"],
  'form-action': ["'none'"],
  'frame-ancestors': ["'none'"],
  'frame-src': ["'none'"],
  'img-src': ["'self'", 'data:', 'blob:'],
  'manifest-src': ["'self'"],
  'media-src': ["'self'", 'blob:', 'mediastream:'],
  'object-src': ["'none'"],
  // Components place themselves with style attributes; a style can send nothing anywhere, as all else is 'self'.
  'style-src': ["'self'", "'unsafe-inline'"],
  'worker-src': ["'self'", 'blob:'],
};
/** The detectors are WebAssembly. */
const scripts = ["'self'", "'wasm-unsafe-eval'"];

/** @param allowed further sources of scripts: a nonce, or hashes */
export function contentSecurityPolicy(allowed: readonly string[] = []): string {
  const all = { ...directives, 'script-src': [...scripts, ...allowed] };
  return Object.entries(all)
    .map(([name, sources]) => `${name} ${sources.join(' ')}`)
    .join('; ');
}

export function newNonce(): string {
  return randomBytes(16).toString('base64');
}

/**
 * The policy of one HTML page. Next puts the nonce on the scripts of pages that it renders on request. Pages
 * made at build time can have none: their inline scripts, which no request has a part in, go by hash.
 */
export function policyFor(html: string, nonce: string): string {
  if (html.includes(`nonce="${nonce}"`)) return contentSecurityPolicy([`'nonce-${nonce}'`]);
  return contentSecurityPolicy(inlineScripts(html).map(hashSource));
}

/** Next reads the nonce out of the policy in its request. */
export function policyForNext(nonce: string): string {
  return `script-src 'nonce-${nonce}'`;
}

function inlineScripts(html: string): string[] {
  const tags = html.matchAll(/<script(?<attributes>[^>]*)>(?<text>[^]*?)<\/script>/g);
  return [...tags]
    .filter(({ groups }) => !/\ssrc=/.test(groups?.['attributes'] ?? ''))
    .map(({ groups }) => groups?.['text'] ?? '');
}

function hashSource(text: string): string {
  return `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
}

/** Nobody but the camera page itself may ask for devices; the rest is asked for by nobody. */
const permissions = [
  'camera=(self)',
  'microphone=(self)',
  'display-capture=(self)',
  'fullscreen=(self)',
  'picture-in-picture=(self)',
  'autoplay=(self)',
  'screen-wake-lock=(self)',
  ...['geolocation', 'usb', 'serial', 'bluetooth', 'hid', 'midi', 'payment', 'browsing-topics'].map(
    (name) => `${name}=()`,
  ),
].join(', ');

const helmetHeaders = helmet({
  // Per answer, below.
  contentSecurityPolicy: false,
  // Both together make pages cross-origin isolated: only then does WebAssembly get threads.
  crossOriginOpenerPolicy: { policy: 'same-origin' },
  crossOriginEmbedderPolicy: { policy: 'require-corp' },
  crossOriginResourcePolicy: { policy: 'same-origin' },
  referrerPolicy: { policy: 'no-referrer' },
  strictTransportSecurity: false,
  xFrameOptions: { action: 'deny' },
});

/** Headers that every answer has, whoever makes it. */
export function setSecurityHeaders(
  request: IncomingMessage,
  response: ServerResponse,
  { isHttps }: { isHttps: boolean },
): void {
  helmetHeaders(request, response, () => undefined);
  response.setHeader('Content-Security-Policy', contentSecurityPolicy());
  response.setHeader('Permissions-Policy', permissions);
  // Not for subdomains and not preloaded: whose domain this is, we do not know.
  if (isHttps) response.setHeader('Strict-Transport-Security', 'max-age=31536000');
}
