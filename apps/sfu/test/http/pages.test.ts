import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { noPages, openPlace, type Place } from './front.ts';
import { pages, until } from './pages-program.ts';

const html = { accept: 'text/html' };

async function withPages(): Promise<Place> {
  const place = await openPlace({}, pages);
  await until(() => place.front.webState === 'ok');
  return place;
}

/** Asked as a page: a part of one would be asked again of the next life, and end that one too. */
async function die(place: Place): Promise<void> {
  const seen = until(() => place.front.webState === 'restarting after exit code 3');
  await Promise.all([place.fetch('/die', { headers: html }).then((answer) => answer.text()), seen]);
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
    expect(answer.headers.get('strict-transport-security')).toBeNull();
    expect(answer.headers.get('x-powered-by')).toBeNull();
  },
);

test('a page brings its own policy along, and ours beside it: browsers hold to both', async () => {
  const place = await withPages();
  const answer = await place.fetch('/', { headers: html });
  const nonce = /nonce="([^"]+)"/.exec(await answer.text())?.[1] ?? '';
  const [ours, theirs] = policy(answer).split(', ');
  expect(theirs).toBe(`script-src 'self' 'nonce-${nonce}'`);
  expect(ours).toContain("connect-src 'self'");
  expect(ours).toContain("frame-ancestors 'none'");
  expect(answer.headers.get('cache-control')).toBe('no-store');
});

test('a page without a policy runs no inline script', async () => {
  const place = await withPages();
  const answer = await place.fetch('/plain', { headers: html });
  expect(sources(answer, 'script-src')).toEqual(["'self'", "'wasm-unsafe-eval'"]);
});

test('files keep their caching, and the choice of language its cookie', async () => {
  const place = await withPages();
  const answer = await place.fetch('/code.js');
  expect(await answer.text()).toBe('export {};');
  expect(answer.headers.get('cache-control')).toContain('immutable');
  expect(answer.headers.get('set-cookie')).toBe('drape-lang=ko');
});

test('the pages hear nothing of tokens, cookies and orders to Next', async () => {
  const place = await withPages();
  const answer = await place.fetch('/asked', {
    token: 'secret',
    headers: {
      cookie: 'secret=1; drape-lang=ko; other=secret',
      'x-middleware-subrequest': 'secret',
      'x-forwarded-host': 'secret',
      'content-security-policy': "script-src 'nonce-secret'",
      rsc: '1',
    },
  });
  const asked = (await answer.json()) as Record<string, string>;
  expect(JSON.stringify(asked)).not.toContain('secret');
  expect(asked).toMatchObject({ rsc: '1', cookie: 'drape-lang=ko' });
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

test('a part of a page is waited for while the web server comes back, and never a page instead', async () => {
  const place = await withPages();
  await die(place);
  const script = await place.fetch('/asked', { headers: { accept: '*/*' } });
  expect(script.status).toBe(200);
  const down = await openPlace({}, noPages);
  const none = await down.fetch('/part.js', { headers: { accept: '*/*' } });
  expect(none.status).toBe(503);
  expect(await none.text()).toBe('');
});

test('when the web server dies, also in the middle of an answer, it is started again', async () => {
  const place = await withPages();
  await die(place);
  await until(() => place.front.webState === 'ok');
  // A page that is cut off must not look whole.
  const half = place.fetch('/half', { headers: html }).then((answer) => answer.text());
  const down = until(() => place.front.webState !== 'ok');
  await expect(half).rejects.toThrow(/terminated|fetch failed/);
  await down;
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

test('when this server is killed, the web server does not live on', async () => {
  const server = fork(join(import.meta.dirname, 'serves-pages.ts'), { stdio: 'ignore' });
  onTestFinished(() => {
    server.kill('SIGKILL');
  });
  const [origin] = (await once(server, 'message')) as [string];
  expect((await fetch(`${origin}/code.js`)).status).toBe(200);
  server.kill('SIGKILL');
  const answers = () =>
    fetch(origin).then(
      () => true,
      () => false,
    );
  await until(async () => !(await answers()));
  expect(await answers()).toBe(false);
});
