import { setNonce } from 'get-nonce';
import * as z from 'zod';

// Imported by a client component, or it would not reach the browser.

// Zod would compile its schemas with `new Function`, which our content policy forbids: it tries,
// and the browser reports a violation each time.
z.config({ jitless: true });

// Radix's dialogs put a style element into the page; they take the nonce for it from here.
if (typeof document !== 'undefined') {
  const nonce = document.querySelector<HTMLScriptElement>('script[nonce]')?.nonce;
  if (nonce !== undefined) setNonce(nonce);
}
