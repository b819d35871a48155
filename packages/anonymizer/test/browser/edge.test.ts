import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi, type TestContext } from 'vitest';
import { chromiumPath, launchChromium, openPage } from './support/browser.ts';
import { buildSite } from './support/build-site.ts';
import type { Current, Source } from './support/page.ts';
import { serveFolder, type TestServer } from './support/serve.ts';

/** Small and slow: what leaves is the point, and other tests want the machine too. */
const SOURCE: Source = { kind: 'drawn', widthPx: 640, heightPx: 360, fps: 8 };
const MAGENTA = { kind: 'solid', fill: { r: 255, g: 0, b: 255 } } as const;
/** Where the drawn source has its token: the overlay of a device that is always covered. */
const OVERLAY = [{ name: 'overlay', x: 0, y: 0, w: 1, h: 0.12 }];
/** The longest hold: a machine that is busy with other tests decides pictures as well. */
const OPTIONS = { profile: 'mixed', always: OVERLAY, style: MAGENTA, holdMs: 2000 };

// Faults are told by what leaves, not by when.
const PATIENCE_MS = 90_000;

let site: string;
let server: TestServer;
let browser: Browser;
let page: Page;
let requested: string[];

async function open(options: object = {}, source: Source = SOURCE, cores?: number) {
  const opened = await openPage(browser, server.origin);
  ({ page, requested } = opened);
  if (cores !== undefined) {
    const session = await page.context().newCDPSession(page);
    const hardwareConcurrency = cores;
    await session.send('Emulation.setHardwareConcurrencyOverride', { hardwareConcurrency });
  }
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

  it('lets no token out, whatever the size, asks nobody else for anything, and closes', async (context) => {
    const { carrier, models } = await open();
    expect(carrier).toBe('track-processor');
    const few = (await page.evaluate(() => navigator.hardwareConcurrency)) < 4;
    expect(models.map(({ id }) => id)).toEqual([
      ...(few ? [] : ['face-blaze-full tflite']),
      'face-blaze-short tflite',
      'face-centerface fp32',
      'face-judge int8',
      'text-det fp32',
      'zxing-reader',
    ]);
    // Long enough to see pictures that are not covered whole: their token is covered by its place.
    await untilShowing(context);
    // The source has tokens that could be read: this test can fail.
    await page.evaluate(() => {
      window.edge.watchSource();
    });
    await until(({ raw }) => (raw?.frames ?? []).some(({ token }) => token !== undefined));

    await page.evaluate(() => window.edge.current?.drawn?.resize(960, 540));
    await until(({ out }) => out.frames.filter(({ widthPx }) => widthPx === 960).length > 20);
    expect((await seen()).at(-1)).toMatchObject({ widthPx: 960, heightPx: 540 });
    expect(await tokens()).toEqual([]);
    expect(requested.filter((url) => !url.startsWith(`${server.origin}/`))).toEqual([]);
    const times = (await seen()).map(({ timestampUs }) => timestampUs);
    expect(times).toEqual([...new Set(times)].sort((one, other) => one - other));

    await page.evaluate(() => window.edge.current?.drawn?.track.stop());
    await until(({ failing }) => failing.some(({ reason }) => reason === 'track-ended'));
    await page.evaluate(() => {
      const { edge } = window.edge.current ?? {};
      return Promise.all([edge?.close(), edge?.close()]);
    });
    expect(await page.evaluate(() => window.edge.current?.edge.track.readyState)).toBe('ended');
    await expect.poll(() => page.workers().length, { timeout: PATIENCE_MS }).toBe(0);
  });

  it('looks for whole heads where the profile asks and the machine has the cores', async () => {
    const { models } = await open({ profile: 'or-camera' }, SOURCE, 4);
    expect(models.map(({ id }) => id)).toContain('head-centerface fp32');
    // A look that fails would end the track.
    await until(({ out }) => out.frames.length > 40);
    expect(await tokens()).toEqual([]);
    const failing = await page.evaluate(() => window.edge.current?.failing ?? []);
    expect(failing.filter(({ reason }) => reason !== 'too-slow')).toEqual([]);
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

  for (const [what, fault] of [
    ['hangs', 'for (;;);'],
    ['crashes', 'setTimeout(() => { throw new Error("a fault of the test"); });'],
  ] as const)
    it(`covers everything when a detector ${what}, until it is back`, async (context) => {
      server.override({ '/edge/detector.js': faultyDetector('text-ppocr', fault) });
      await open();
      await untilShowing(context);
      const faultMs = await page.evaluate(() => {
        new BroadcastChannel('faults').postMessage('now');
        return performance.now();
      });
      // Its last good look decides what came soon after it, and frames wait for the hold.
      const coveredMs = faultMs + OPTIONS.holdMs + 2500;
      await until(({ out }, afterMs) => (out.frames.at(-1)?.atMs ?? 0) > afterMs, coveredMs + 500);
      const late = (await seen()).filter(({ atMs }) => atMs > coveredMs && atMs < coveredMs + 500);
      expect(late.length).toBeGreaterThan(0);
      expect(late.filter(({ contrast }) => contrast > 1)).toEqual([]);
      await until(
        ({ out }, afterMs) =>
          out.frames.some(({ atMs, contrast }) => atMs > afterMs && contrast > 15),
        coveredMs,
      );
      expect(await tokens()).toEqual([]);
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

  it('works through canvases where there is no track processor', async (context) => {
    const { carrier } = await open({ carrier: 'canvas' });
    expect(carrier).toBe('canvas');
    await untilShowing(context);
    expect(await tokens()).toEqual([]);
  });
});

/**
 * Waits until frames leave that are not covered whole. Where the edge says itself that the machine
 * can't keep up, all is covered by law, and what comes after cannot be tried.
 */
async function untilShowing(context: TestContext): Promise<void> {
  await until(({ out, failing }) => {
    // A picture of one colour has no contrast.
    const isShowing = out.frames.some(({ contrast }) => contrast > 15);
    return (isShowing && out.frames.length > 10) || failing.length > 0;
  });
  expect(await tokens()).toEqual([]);
  const [failing] = await page.evaluate(() => window.edge.current?.failing ?? []);
  if (!failing) return;
  expect(failing.reason).toBe('too-slow');
  context.skip(`the edge finds this machine too slow: ${failing.detail}`);
}

/** The real worker, with a fault in one detector when the test says so. */
function faultyDetector(id: string, fault: string): string {
  return `
    import './detector-worker.js';
    let mine = false;
    self.addEventListener('message', ({ data }) => {
      if (data.id !== undefined) mine = data.id === ${JSON.stringify(id)};
    });
    new BroadcastChannel('faults').onmessage = () => {
      if (mine) { ${fault} }
    };`;
}
