import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { chromiumPath, launchChromium, openPage } from './support/browser.ts';
import { buildSite } from './support/build-site.ts';
import type { Current, Source } from './support/page.ts';
import { serveFolder, type TestServer } from './support/serve.ts';

const SOURCE: Source = { kind: 'drawn', widthPx: 640, heightPx: 360, fps: 30 };
const MAGENTA = { kind: 'solid', fill: { r: 255, g: 0, b: 255 } } as const;
/** Where the drawn source has its token: the overlay of a device that is always covered. */
const OVERLAY = [{ name: 'overlay', x: 0, y: 0, w: 1, h: 0.12 }];
const OPTIONS = { profile: 'mixed', always: OVERLAY, style: MAGENTA, holdMs: 200 };

// A machine that is busy with other tests takes its time; faults are told by what leaves, not by when.
const PATIENCE_MS = 90_000;

let site: string;
let server: TestServer;
let browser: Browser;
let page: Page;
let requested: string[];

async function open(options: object = {}, source: Source = SOURCE) {
  const opened = await openPage(browser, server.origin);
  ({ page, requested } = opened);
  page.setDefaultTimeout(PATIENCE_MS);
  return page.evaluate(([given, from]) => window.edge.open(given, from), [
    { ...OPTIONS, ...options },
    source,
  ] as const);
}

/** Waits until something holds of what the page collected. The condition runs in the page. */
async function until<A>(holds: (current: Current, arg: A) => boolean, arg?: A): Promise<void> {
  const question = `(${String(holds)})(window.edge.current, ${JSON.stringify(arg)})`;
  await vi.waitFor(
    async () => {
      if ((await page.evaluate(question)) !== true) throw new Error(`never came true: ${question}`);
    },
    { timeout: PATIENCE_MS, interval: 200 },
  );
}

const seen = () => page.evaluate(() => window.edge.current?.out.frames ?? []);
const tokens = async () => (await seen()).filter(({ token }) => token !== undefined);

describe.skipIf(chromiumPath === undefined)('the edge in a real browser', () => {
  beforeAll(async () => {
    site = await mkdtemp(path.join(tmpdir(), 'drape-edge-'));
    await buildSite(site);
    server = await serveFolder(site);
    browser = await launchChromium();
  });

  afterEach(async () => {
    server.override({});
    await page.context().close();
  });

  afterAll(async () => {
    await browser.close();
    await server[Symbol.asyncDispose]();
    await rm(site, { recursive: true, force: true });
  });

  it('lets no token out, asks nobody else for anything, and names what it runs', async () => {
    const { carrier, models } = await open({ holdMs: 2000 });
    expect(carrier).toBe('track-processor');
    expect(models.map(({ id }) => id)).toEqual([
      'face-blaze-full tflite',
      'face-blaze-short tflite',
      'face-centerface fp32',
      'face-judge int8',
      'text-det fp32',
      'zxing-reader',
    ]);
    // Long enough to see pictures that are not covered whole: their token is covered by its place.
    await until(
      ({ out }) => out.frames.length > 60 && out.frames.some(({ contrast }) => contrast > 20),
    );
    expect(await tokens()).toEqual([]);
    expect(requested.filter((url) => !url.startsWith(`${server.origin}/`))).toEqual([]);
  });

  it('would find a token that is not covered, so that these tests can fail', async () => {
    await open({ always: [] });
    const found = await page.evaluate(async () => {
      const { current } = window.edge;
      if (!current) return 0;
      const watch = window.edge.watch(current.source);
      await new Promise((resolve) => setTimeout(resolve, 1500));
      watch.stop();
      return watch.frames.filter(({ token }) => token !== undefined).length;
    });
    expect(found).toBeGreaterThan(3);
  });

  it('keeps the times of frames, and the order', async () => {
    await open();
    await until(({ out }) => out.frames.length > 40);
    const times = (await seen()).map(({ timestampUs }) => timestampUs);
    expect(times).toEqual([...times].sort((a, b) => a - b));
    expect(new Set(times).size).toBe(times.length);
  });

  it('goes on after a change of resolution, and lets no token out meanwhile', async () => {
    await open();
    await until(({ out }) => out.frames.length > 20);
    await page.evaluate(() => window.edge.current?.drawn?.resize(960, 540));
    await until(({ out }) => out.frames.filter(({ widthPx }) => widthPx === 960).length > 20);
    expect(await tokens()).toEqual([]);
    expect((await seen()).at(-1)).toMatchObject({ widthPx: 960, heightPx: 540 });
  });

  it('ends the track and says so when the worker of frames dies', async () => {
    await open();
    await until(({ out }) => out.frames.length > 20);
    const frames = page.workers().find((worker) => worker.url().endsWith('/frames.js'));
    await frames?.evaluate('self.close()').catch(() => undefined);
    await until(({ failing }) => failing.length > 0);
    expect(await page.evaluate(() => window.edge.current?.failing[0]?.reason)).toBe(
      'worker-crashed',
    );
    expect(await page.evaluate(() => window.edge.current?.edge.track.readyState)).toBe('ended');
    expect(await tokens()).toEqual([]);
  });

  it('ends the track and says so when the worker of frames hangs', async () => {
    await open();
    await until(({ out }) => out.frames.length > 20);
    const frames = page.workers().find((worker) => worker.url().endsWith('/frames.js'));
    void frames?.evaluate('for (;;);').catch(() => undefined);
    await until(({ failing }) => failing.length > 0);
    expect(await page.evaluate(() => window.edge.current?.failing[0])).toEqual({
      reason: 'worker-crashed',
      detail: 'no sign of life',
    });
    expect(await tokens()).toEqual([]);
  });

  it.each([
    ['hangs', 'for (;;);'],
    ['crashes', 'setTimeout(() => { throw new Error("a fault of the test"); });'],
  ])('covers everything once a detector %s', async (_, fault) => {
    server.override({ '/edge/detector.js': faultyDetector('text-ppocr', fault) });
    await open({ always: [] });
    await until(({ states }) => states.some(({ whole }) => whole !== undefined));
    const settled = 2500 + (await page.evaluate(() => performance.now()));
    await until(
      ({ out }, afterMs) => out.frames.filter(({ atMs }) => atMs > afterMs).length > 20,
      settled,
    );
    const late = (await seen()).filter(({ atMs }) => atMs > settled);
    expect(late.filter(({ contrast }) => contrast > 1)).toEqual([]);
    expect(late.filter(({ token }) => token !== undefined)).toEqual([]);
    await until(({ failing }) => failing.some(({ reason }) => reason !== 'track-ended'));
  });

  it('opens nothing with weights that are not the pinned ones', async () => {
    server.override({ '/edge/models/face-judge-int8.onnx': 'not a model' });
    await expect(open()).rejects.toThrow('does not have the pinned sha256');
    expect(await page.evaluate(() => window.edge.current)).toBe(undefined);
  });

  it('opens nothing when a detector can not be had', async () => {
    server.override({ '/edge/detector.js': 'this is no script' });
    await expect(open()).rejects.toThrow('could not be loaded');
  });

  it('says that its source ended', async () => {
    await open();
    await until(({ out }) => out.frames.length > 5);
    await page.evaluate(() => {
      window.edge.current?.source.stop();
    });
    await until(({ failing }) => failing.some(({ reason }) => reason === 'track-ended'));
  });

  it('gives back everything when it is closed, twice', async () => {
    await open();
    await until(({ out }) => out.frames.length > 5);
    await page.evaluate(() => {
      const { edge } = window.edge.current ?? {};
      return Promise.all([edge?.close(), edge?.close()]);
    });
    expect(await page.evaluate(() => window.edge.current?.edge.track.readyState)).toBe('ended');
    await expect.poll(() => page.workers().length, { timeout: PATIENCE_MS }).toBe(0);
  });

  it('works through canvases where there is no track processor', async () => {
    const { carrier } = await open({ carrier: 'canvas', holdMs: 2000 });
    expect(carrier).toBe('canvas');
    await until(
      ({ out }) => out.frames.length > 30 && out.frames.some(({ contrast }) => contrast > 20),
    );
    expect(await tokens()).toEqual([]);
  });
});

/** The real worker, with a fault in one detector from its third look on. */
function faultyDetector(id: string, fault: string): string {
  return `
    import './detector-worker.js';
    let mine = false;
    let looks = 0;
    self.addEventListener('message', ({ data }) => {
      if (data.id !== undefined) mine = data.id === ${JSON.stringify(id)};
      if (mine && data.kind === 'look' && ++looks >= 3) { ${fault} }
    });`;
}
