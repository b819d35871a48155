import type { Page } from 'playwright-core';
import * as z from 'zod';
import { ProbeError } from '../errors.ts';
import { tapPage } from './tap-page.ts';
import type { PageTap } from './tap-page.ts';
import { tapWorker } from './tap-worker.ts';
import type { TapRecord } from './tap-worker.ts';

const recordSchema = z.object({
  facts: z.record(z.string(), z.number()),
  widthPx: z.number(),
  heightPx: z.number(),
  format: z.string(),
  lumas: z.array(z.array(z.number())),
  at: z.exactOptional(z.number()),
  skipped: z.exactOptional(z.literal(true)),
});

const stateSchema = z.object({
  atMs: z.number(),
  page: z.string().optional(),
  state: z.string().optional(),
  epoch: z.string().optional(),
});
/** What a page said of itself, from a time on. */
export type PageState = z.infer<typeof stateSchema>;

const batchSchema = z.union([
  z.object({ records: z.array(recordSchema) }),
  z.object({ state: stateSchema }),
  z.object({ failure: z.string() }),
  z.object({ delivered: z.number() }),
]);

/** Listens to one page: frames that passed there and states that it went through. */
export class Tap {
  readonly role: PageTap['role'];
  readonly records: TapRecord[] = [];
  readonly states: PageState[] = [];
  readonly failures: string[] = [];
  readonly #page: Page;
  readonly #delivered = Promise.withResolvers<number>();

  private constructor(page: Page, role: PageTap['role']) {
    this.#page = page;
    this.role = role;
  }

  /** One that hears nothing: for pages that are left as they are. */
  static idle(page: Page, role: PageTap['role']): Tap {
    return new Tap(page, role);
  }

  /** Before the page is opened. The page must have been opened with `bypassCSP`. */
  static async into(page: Page, options: Pick<PageTap, 'role' | 'plan'>): Promise<Tap> {
    const tap = new Tap(page, options.role);
    await page.exposeBinding('drapeProbe', (_source, batch: unknown) => {
      tap.#take(batch);
    });
    const config = { ...options, worker: `(${tapWorker.toString()})()` };
    await page.addInitScript({
      content: `(${tapPage.toString()})(${JSON.stringify(config)})`,
    });
    return tap;
  }

  /** Ends the recording: frames that come later are not looked at. */
  async end(): Promise<void> {
    await this.#page.evaluate(() => {
      dispatchEvent(new CustomEvent('drape-probe-end'));
    });
  }

  /** After `end`: kept pictures are posted to `url`. Resolves with their bytes. */
  async deliver(url: string, limitMs: number): Promise<number> {
    await this.#page.evaluate((to) => {
      dispatchEvent(new CustomEvent('drape-probe-deliver', { detail: to }));
    }, url);
    const limit = Promise.withResolvers<never>();
    const timer = setTimeout(() => {
      const said = this.failures.join('; ');
      limit.reject(
        new ProbeError('recording-failed', `the page did not hand over its pictures. ${said}`),
      );
    }, limitMs);
    try {
      return await Promise.race([this.#delivered.promise, limit.promise]);
    } finally {
      clearTimeout(timer);
    }
  }

  #take(batch: unknown): void {
    const read = batchSchema.parse(batch);
    if ('records' in read) this.records.push(...read.records);
    else if ('state' in read) this.states.push(read.state);
    else if ('failure' in read) this.failures.push(read.failure);
    else this.#delivered.resolve(read.delivered);
  }
}
