import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { expect, test } from './support/stage.ts';

/** Everything that a browser asked for, and what its pages complained of. */
function listen(page: Page): { readonly urls: string[]; readonly complaints: string[] } {
  const heard = { urls: [] as string[], complaints: [] as string[] };
  const context = page.context();
  context.on('request', (request) => heard.urls.push(request.url()));
  context.on('serviceworker', (worker) => heard.urls.push(worker.url()));
  page.on('websocket', (socket) => heard.urls.push(socket.url()));
  page.on('console', (message) => {
    // What TensorFlow Lite says of itself in WebAssembly comes by the channel of errors.
    if (message.type() === 'error' && !message.text().startsWith('INFO: '))
      heard.complaints.push(message.text());
  });
  page.on('pageerror', (error) => heard.complaints.push(error.message));
  return heard;
}

/** Addresses outside of the server, by host. */
function foreign(urls: readonly string[], origin: string): string[] {
  const { host } = new URL(origin);
  const local = /^(?:blob|data|about|chrome-extension|chrome):/;
  return urls.filter((url) => !local.test(url) && new URL(url).host !== host);
}

async function violations(page: Page): Promise<string[]> {
  const { violations: found } = await new AxeBuilder({ page: page }).analyze();
  return found.map(
    (one) => `${one.id}: ${one.nodes.map((node) => node.target.join(' ')).join(', ')}`,
  );
}

test('pages as they are served ask nobody else, keep their policy and are accessible', async ({
  stage,
}) => {
  const room = await stage.room({ mode: 'edge' });
  const publisher = await stage.publisher({ tapped: false });
  const published = listen(publisher.page);
  await publisher.goto(room.publish);
  await publisher.untilState('edge');
  const viewer = await stage.viewer({ tapped: false });
  const watched = listen(viewer.page);
  await viewer.goto(room.watch);
  await viewer.untilState('edge');
  const picture = viewer.page.getByTestId('picture');
  const playedS = (): Promise<number> =>
    picture.evaluate((video: HTMLVideoElement) => video.currentTime);
  await expect.poll(playedS).toBeGreaterThan(1);

  expect(await violations(publisher.page)).toEqual([]);
  expect(await violations(viewer.page)).toEqual([]);

  for (const heard of [published, watched]) {
    expect(foreign(heard.urls, stage.servers.origin)).toEqual([]);
    expect(heard.complaints).toEqual([]);
  }
  // The token came in the fragment, and it is not left in the address.
  for (const page of [publisher.page, viewer.page]) expect(new URL(page.url()).hash).toBe('');
  const asked = [...published.urls, ...watched.urls].join('\n');
  const tokens = [room.publish, room.watch].map((link) => new URL(link).hash.replace('#t=', ''));
  for (const token of tokens) expect(asked).not.toContain(token);
});
