import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { BrowserContext, Page } from 'playwright-core';
import type { CameraKind } from '../browser/launch.ts';
import { launchBrowser } from '../browser/launch.ts';
import { Tap } from '../browser/tap.ts';
import type { TapPlan } from '../browser/tap-worker.ts';
import { ProbeError } from '../errors.ts';
import type { Servers } from '../servers/start.ts';

/** How long a page may take until it is live: models are loaded, codecs negotiated. */
const LIVE_LIMIT_MS = 60_000;

/** One side of the room: a browser with one page that is tapped. */
export class Side implements AsyncDisposable {
  readonly name: string;
  readonly browser: BrowserContext;
  readonly page: Page;
  readonly tap: Tap;
  readonly #said: string[] = [];

  private constructor(name: string, browser: BrowserContext, parts: { page: Page; tap: Tap }) {
    this.name = name;
    this.browser = browser;
    this.page = parts.page;
    this.tap = parts.tap;
    this.page.on('console', (message) => {
      if (message.type() === 'error') this.#said.push(message.text());
    });
    this.page.on('pageerror', (error) => {
      this.#said.push(error.message);
    });
  }

  static async open(options: {
    readonly role: 'publisher' | 'viewer';
    readonly name?: string;
    readonly profileFolder: string;
    readonly camera?: CameraKind;
    readonly cameraFile?: string;
    readonly plan: TapPlan;
    /** False: nothing of ours runs in the page, and its policy holds as it is served. */
    readonly tapped?: boolean;
    readonly signal?: AbortSignal | undefined;
  }): Promise<Side> {
    const { role, name = role, plan, tapped = true } = options;
    const browser = await launchBrowser({ ...options, name, tapped });
    const page = browser.pages()[0] ?? (await browser.newPage());
    const tap = tapped ? await Tap.into(page, { role, plan }) : Tap.idle(page, role);
    return new Side(name, browser, { page, tap });
  }

  /** What the page said of itself last. */
  get state(): string {
    return this.tap.states.at(-1)?.state ?? 'not loaded';
  }

  /** Opens a link. Throws ProbeError 'page-failed', without the token that the link carries. */
  async goto(link: string): Promise<void> {
    try {
      await this.page.goto(link, { timeout: LIVE_LIMIT_MS });
    } catch (error) {
      const said = error instanceof Error ? error.message : String(error);
      const why = said.replaceAll(/#t=[\w.~-]+/g, '#t=…');
      throw new ProbeError('page-failed', `The ${this.name}'s page did not open: ${why}`);
    }
  }

  /** Throws ProbeError 'page-failed' with what the page shows. */
  async untilState(state: string, limitMs = LIVE_LIMIT_MS): Promise<void> {
    const main = `[data-drape-page][data-drape-state="${state}"]`;
    try {
      await this.page.locator(main).waitFor({ state: 'attached', timeout: limitMs });
    } catch (cause) {
      const shown = await this.page.innerText('body').catch(() => '(nothing)');
      const said = this.#said.slice(-5).join('\n');
      throw new ProbeError(
        'page-failed',
        `The ${this.name}'s page is "${this.state}", not "${state}", after ${limitMs / 1000} s.\n` +
          `It shows:\n${shown.slice(0, 1500)}\nIts console:\n${said}`,
        { cause },
      );
    }
  }

  /** Kills the page's process, as a crash would. */
  async crash(): Promise<void> {
    const session = await this.browser.newCDPSession(this.page);
    const gone = this.page.waitForEvent('crash');
    // It never answers: who would?
    session.send('Page.crash').catch(() => undefined);
    await gone;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.browser.close();
  }
}

/** A folder for browser profiles that is removed at the end. */
export async function profileFolder(): Promise<AsyncDisposable & { readonly path: string }> {
  const path = await mkdtemp(join(tmpdir(), 'drape-browsers-'));
  return {
    path,
    [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true, maxRetries: 3 }),
  };
}

export interface PublishWish {
  readonly mode: 'edge' | 'server' | 'auto';
  readonly style?: string | undefined;
  readonly fill?: string | undefined;
  readonly profile?: string | undefined;
}

/** Links of a new room: the publisher's starts by itself. */
export async function openRoom(
  servers: Servers,
  wish: PublishWish,
): Promise<{ readonly roomId: string; readonly publish: string; readonly watch: string }> {
  const { api } = servers;
  const room = await api.createRoom('Probe');
  const publish = new URL((await api.invite(room.id, 'publisher')).link);
  publish.searchParams.set('where', wish.mode);
  publish.searchParams.set('source', 'camera');
  publish.searchParams.set('start', '1');
  publish.searchParams.set('lang', 'en');
  for (const name of ['style', 'fill', 'profile'] as const) {
    const value = wish[name];
    if (value !== undefined) publish.searchParams.set(name, value);
  }
  const watch = new URL((await api.invite(room.id, 'viewer')).link);
  watch.searchParams.set('lang', 'en');
  return { roomId: room.id, publish: publish.href, watch: watch.href };
}
