import type { IncomingMessage, ServerResponse } from 'node:http';
import helmet from 'helmet';

/** What a page may do: everything comes from us, nothing goes elsewhere. */
const directives: Readonly<Record<string, readonly string[]>> = {
  'default-src': ["'self'"],
  'base-uri': ["'none'"],
  'connect-src': ["'self'"],
  'font-src': ["'self'"],
  'form-action': ["'self'"],
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
const text = (all: Readonly<Record<string, readonly string[]>>) =>
  Object.entries(all)
    .map(([name, sources]) => `${name} ${sources.join(' ')}`)
    .join('; ');

/** The detectors are WebAssembly. */
const scripts = ["'self'", "'wasm-unsafe-eval'"];

/** For every answer: no inline script runs. */
export const basePolicy = text({ ...directives, 'script-src': scripts });

/**
 * Beside the policy that a page brings along (apps/web/src/content-policy.ts). Browsers hold to both, so that
 * whatever a page allows itself, it stays with this server. Which inline scripts run, only the page's nonce
 * can say: here they are allowed, there all but its own are refused.
 */
export const policyBeside = text({ ...directives, 'script-src': [...scripts, "'unsafe-inline'"] });

/** Nobody but the camera page itself may ask for devices; the rest is asked for by nobody. */
const permissions = [
  'camera=(self)',
  'microphone=(self)',
  'display-capture=(self)',
  'fullscreen=(self)',
  'picture-in-picture=(self)',
  'autoplay=(self)',
  'screen-wake-lock=(self)',
  ...['geolocation', 'usb', 'serial', 'hid', 'midi', 'payment', 'browsing-topics'].map(
    (name) => `${name}=()`,
  ),
].join(', ');

const helmetHeaders = helmet({
  // Below: helmet's would be in another order than the page's own, and merged with defaults.
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
export function setSecurityHeaders(request: IncomingMessage, response: ServerResponse): void {
  helmetHeaders(request, response, () => undefined);
  response.setHeader('Content-Security-Policy', basePolicy);
  response.setHeader('Permissions-Policy', permissions);
}
