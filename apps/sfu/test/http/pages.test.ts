import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { noPages, openPlace, pages, until, type Place } from './front.ts';

const html = { accept: 'text/html' };

async function withPages(): Promise<Place> {
  const place = await openPlace({}, pages);
  await until(() => place.front.webState === 'ok');
  return place;
}

const policy = (response: Response) => response.headers.get('content-security-policy') ?? '';
const sources = (response: Response, directive: string) =>
  policy(response)
    .split('; ')
    .find((one) => one.startsWith(`${directive} `))
    ?.split(' ')
    .slice(1);

test.each(['/', '/health', '/api/me', '/code.js', '/nothing'])(
  '%s comes with the headers that close the page to others',
  async (path) => {
    const place = await withPages();
    const answer = await place.fetch(path);
    await answer.arrayBuffer();
    expect(Object.fromEntries(answer.headers)).toMatchObject({
      'cross-origin-opener-policy': 'same-origin',
      'cross-origin-embedder-policy': 'require-corp',
      'cross-origin-resource-policy': 'same-origin',
      'referrer-policy': 'no-referrer',
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
      'permissions-policy': expect.stringContaining('camera=(self)') as string,
    });
    expect(sources(answer, 'default-src')).toEqual(["'self'"]);
    expect(sources(answer, 'connect-src')).toEqual(["'self'"]);
    expect(sources(answer, 'worker-src')).toEqual(["'self'", 'blob:']);
    expect(sources(answer, 'frame-ancestors')).toEqual(["'none'"]);
    expect(sources(answer, 'script-src')?.slice(0, 2)).toEqual(["'self'", "'wasm-unsafe-eval'"]);
    expect(policy(answer)).not.toContain("'unsafe-eval'");
    expect(sources(answer, 'script-src')).not.toContain("'unsafe-inline'");
    expect(answer.headers.get('strict-transport-security')).toBeNull();
    expect(answer.headers.get('x-powered-by')).toBeNull();
    expect(answer.headers.get('set-cookie')).toBeNull();
  },
);

test('a page that is rendered on request runs its own inline scripts, by a nonce of this answer', async () => {
  const place = await withPages();
  const nonces = new Set<string>();
  for (let n = 0; n < 2; n += 1) {
    const answer = await place.fetch('/', { headers: html });
    const nonce = /nonce="([^"]+)"/.exec(await answer.text())?.[1] ?? '';
    expect(sources(answer, 'script-src')).toContain(`'nonce-${nonce}'`);
    expect(answer.headers.get('cache-control')).toBe('no-store');
    expect(answer.headers.get('etag')).toBeNull();
    nonces.add(nonce);
  }
  expect(nonces.size).toBe(2);
});

test('a page that was built beforehand runs its inline scripts by their hash', async () => {
  const place = await withPages();
  const answer = await place.fetch('/built', { headers: html });
  const hash = createHash('sha256').update('let a = 1;').digest('base64');
  expect(sources(answer, 'script-src')).toEqual([
    "'self'",
    "'wasm-unsafe-eval'",
    `'sha256-${hash}'`,
  ]);
});

test('files keep their caching', async () => {
  const place = await withPages();
  const answer = await place.fetch('/code.js');
  expect(await answer.text()).toBe('export {};');
  expect(answer.headers.get('cache-control')).toContain('immutable');
});

test('the pages hear nothing of tokens, cookies and orders to Next', async () => {
  const place = await withPages();
  const answer = await place.fetch('/asked', {
    token: 'secret',
    headers: {
      cookie: 'secret=1',
      'x-middleware-subrequest': 'secret',
      'x-forwarded-host': 'secret',
      'content-security-policy': "script-src 'nonce-secret'",
      rsc: '1',
    },
  });
  const asked = (await answer.json()) as Record<string, string>;
  expect(JSON.stringify(asked)).not.toContain('secret');
  expect(asked['rsc']).toBe('1');
});

test('nothing but reading reaches the pages', async () => {
  const place = await withPages();
  const answer = await place.fetch('/asked', { method: 'POST', body: '{}' });
  expect(answer.status).toBe(405);
  expect(answer.headers.get('allow')).toBe('GET');
});

test('while the pages are down there is one that says so and comes again by itself', async () => {
  const place = await openPlace({}, noPages);
  const answer = await place.fetch('/admin', { headers: html });
  expect(answer.status).toBe(503);
  expect(answer.headers.get('retry-after')).toBe('2');
  const text = await answer.text();
  expect(text).toContain('drape is starting');
  expect(text).toContain('http-equiv="refresh"');
  expect(policy(answer)).toContain("default-src 'self'");
});

test('when the web server dies, also in the middle of an answer, it is started again', async () => {
  const place = await withPages();
  await place.fetch('/die').then((answer) => answer.text());
  await until(() => place.front.webState !== 'ok');
  expect(place.front.webState).toMatch(/restarting after exit code 3/);
  await until(() => place.front.webState === 'ok');
  // Either the page that says so or a broken connection, but no half of a page.
  const half = await place.fetch('/half', { headers: html }).then(
    (answer) => answer.text(),
    () => 'broken',
  );
  expect(half).toMatch(/drape is starting|^broken$/);
  await until(() => place.front.webState !== 'ok');
  await until(() => place.front.webState === 'ok');
  expect((await place.fetch('/')).status).toBe(200);
});

test('closing ends the web server with the listener, within a moment', async () => {
  const place = await withPages();
  const port = place.logged().match(/"port":(\d+)/)?.[1];
  await Promise.all([place.front.close(), place.front.close()]);
  await expect(fetch(`http://127.0.0.1:${port ?? ''}/`)).rejects.toThrow();
  expect(place.front.webState).toBe('stopped');
});
