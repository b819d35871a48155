/**
 * Content-Security-Policy of a page. Everything comes from this server; the only code that may be
 * made from data is WebAssembly (detectors). Style elements need the nonce; style attributes, which
 * components use to place themselves, can load nothing that the rest does not allow.
 */
export function contentPolicy(nonce: string, development: boolean): string {
  const directives = {
    'default-src': "'none'",
    'script-src': `'self' 'wasm-unsafe-eval' 'nonce-${nonce}'${development ? " 'unsafe-eval'" : ''}`,
    'style-src': `'self' 'nonce-${nonce}'`,
    'style-src-attr': "'unsafe-inline'",
    'img-src': "'self' blob: data:",
    'media-src': "'self' blob:",
    'font-src': "'self'",
    'connect-src': "'self'",
    'worker-src': "'self'",
    'manifest-src': "'self'",
    'base-uri': "'none'",
    'form-action': "'self'",
    'frame-ancestors': "'none'",
  };
  return Object.entries(directives)
    .map(([name, value]) => `${name} ${value}`)
    .join('; ');
}
