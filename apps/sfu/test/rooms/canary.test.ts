import { describe, expect, it } from 'vitest';
import type { StreamAnonymizer } from '../../src/anonymizer/index.ts';
import type { AnonymizedProducer, RoomMedia } from '../../src/engine/index.ts';
import { ServerSource } from '../../src/rooms/server-source.ts';
import { processPerStream } from '../../src/wiring/anonymizers.ts';
import { Publisher, SOURCE } from '../anonymizer/support/publisher.ts';
import { type Seen, SINK, Viewer } from '../anonymizer/support/viewer.ts';
import { silent } from '../support/log.ts';
import { openRawRoom, relabelling } from '../support/raw-room.ts';
import { hasWorker, unlessWorker } from '../support/worker.ts';

const terms = {
  mode: 'server',
  profile: 'mixed',
  style: { kind: 'solid', fill: { r: 255, g: 0, b: 255 } },
  holdMs: 200,
} as const;

/** A real publisher, media worker, anonymizer process and viewer; only the detectors are drawn. */
async function openStream(child: 'steady' | 'blind', maySpare: boolean) {
  const open = new AsyncDisposableStack();
  const room = open.use(await openRawRoom(SOURCE));
  const publisher = open.adopt(new Publisher({ to: room.at }), (one) => one.close());
  const screen = open.use(new Screen(room.media));
  const pids: number[] = [];
  const downs: string[] = [];
  let epoch = 0;
  const program = new URL(`../anonymizer/support/child-${child}.ts`, import.meta.url);
  const source = new ServerSource(++epoch, terms, {
    roomId: 'room-1',
    media: room.media,
    openAnonymizer: async (request, events) => {
      const opened = await processPerStream({}, { program })(request, events);
      pids.push((opened as StreamAnonymizer).pid);
      return opened;
    },
    maxBitrateBps: 2_000_000,
    nextEpoch: () => ++epoch,
    maySpare: () => maySpare,
    spareAfterMs: 100,
    log: silent,
    events: {
      onUp: (producer) => void screen.show(producer),
      onDown: (cause) => downs.push(cause),
      onStats: () => undefined,
      onTimeline: () => undefined,
    },
  });
  open.defer(() => {
    source.close();
  });
  await source.produce(room.transport, {} as never);
  return Object.assign(open, { publisher, screen, pids, downs });
}

/** A viewer of the room router for each epoch, as a page has a consumer for each. */
class Screen implements AsyncDisposable {
  readonly viewers: Viewer[] = [];
  readonly #media: RoomMedia;
  readonly #open = new AsyncDisposableStack();

  constructor(media: RoomMedia) {
    this.#media = media;
  }

  async show(producer: AnonymizedProducer): Promise<void> {
    const viewer = this.#open.adopt(await Viewer.open(), (one) => one.close());
    const tap = this.#open.adopt(await this.#media.openTap(producer), (one) => {
      one.close();
    });
    const relay = await relabelling(tap.description, { ...viewer.output, ...SINK });
    this.#open.defer(() => {
      relay.close();
    });
    await tap.start(relay.at);
    this.viewers.push(viewer);
  }

  /** The viewer of the n-th epoch that was shown. */
  async nth(n: number): Promise<Viewer> {
    await expect.poll(() => this.viewers.length, { timeout: 60_000 }).toBeGreaterThan(n);
    const viewer = this.viewers[n];
    if (!viewer) throw new Error('no such viewer');
    return viewer;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#open.disposeAsync();
  }
}

const isReadable = ({ number }: Seen): boolean => number !== undefined;

describe.skipIf(!hasWorker)(`raw video through a room${unlessWorker}`, () => {
  it('shows the secret where no detector sees it, so that these tests can fail', async () => {
    await using stream = await openStream('blind', false);
    const viewer = await stream.screen.nth(0);
    expect(await viewer.until(({ secret }) => secret !== undefined)).toBeDefined();
  });

  it.each([
    ['a warm spare', true],
    ['a new process', false],
  ])('never shows it, nor when the process is killed and %s follows', async (_, maySpare) => {
    await using stream = await openStream('steady', maySpare);
    const { screen, pids } = stream;
    const before = await screen.nth(0);
    await before.until(isReadable);
    await expect.poll(() => pids.length, { timeout: 60_000 }).toBe(maySpare ? 2 : 1);
    process.kill(pids[0] ?? 0, 'SIGKILL');
    const after = await screen.nth(1);
    const again = await after.until(isReadable);
    await after.until(({ number = 0 }) => number > (again.number ?? 0) + 10);
    expect(stream.downs).toEqual(['anonymizer-ended']);
    for (const viewer of screen.viewers) {
      expect(viewer.secrets).toEqual([]);
      expect(viewer.numbers.length).toBeGreaterThan(0);
    }
  });
});
