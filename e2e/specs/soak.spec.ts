import { setTimeout as wait } from 'node:timers/promises';
import type { MemorySample } from '../src/measure/memory.ts';
import { MemoryWatch, heldAtEnd } from '../src/measure/memory.ts';
import type { Side } from '../src/probe/stage.ts';
import { goLive } from './support/go-live.ts';
import { fluency, framesOf, isCanary, longestPictures, whenIn } from './support/seen.ts';
import { expect, test } from './support/stage.ts';

const MINUTES = Number(process.env['SOAK_MINUTES'] ?? 60);
const MODES = ['edge', 'server', 'edge', 'server'] as const;
/** Pages throw their garbage away this often: what is measured is what they hold. */
const COLLECT_EVERY_MS = 30_000;
/** What the garbage collectors of the servers may leave lying about. */
const SLACK_BYTES = 16 * 2 ** 20;
const SLACK_SHARE = 0.1;
const MIB = 2 ** 20;

interface Held {
  readonly name: string;
  readonly firstBytes: number;
  readonly lastBytes: number;
}

interface Stretch {
  readonly mode: (typeof MODES)[number];
  readonly samples: readonly MemorySample[];
}

test(`memory stays flat in ${MINUTES} minutes of both modes @soak`, async ({ stage }) => {
  const { publisher, viewer } = await goLive(stage, 'auto');
  const watch = new MemoryWatch([
    { group: 'server', pid: stage.servers.pid },
    { group: 'publisher', marked: '--drape-probe=publisher' },
    { group: 'viewer', marked: '--drape-probe=viewer' },
  ]);
  const stretches: { mode: (typeof MODES)[number]; fromMs: number; toMs: number }[] = [];
  for (const mode of MODES) {
    if (publisher.state !== mode) await publisher.page.getByTestId('hand-over').click();
    await viewer.untilState(mode);
    const fromMs = watch.nowMs;
    const untilMs = fromMs + (MINUTES * 60_000) / MODES.length;
    while (watch.nowMs < untilMs) {
      await wait(Math.min(COLLECT_EVERY_MS, untilMs - watch.nowMs));
      await Promise.all([publisher.page.requestGC(), viewer.page.requestGC()]);
    }
    stretches.push({ mode, fromMs, toMs: watch.nowMs });
  }
  const samples = watch.stop();
  const measured = stretches.map(({ mode, fromMs, toMs }): Stretch => {
    return { mode, samples: samples.filter(({ atMs }) => atMs >= fromMs && atMs < toMs) };
  });
  const modes = [...new Set(MODES)].map((mode) => ({
    of: mode,
    held: acrossOf(measured.filter((stretch) => stretch.mode === mode)),
  }));
  const all = [...modes, { of: 'all', held: acrossOf(measured) }];
  const table = all.map(({ of, held }) => lines(of, held)).join('\n');
  const frames = framesOf(viewer);
  const { framesPerSecond } = fluency(frames);
  const stood = longestPictures(viewer, frames, 5);
  const said = `${table}\nviewer: ${frames.length} frames, ${framesPerSecond.toFixed(1)}/s; longest pictures\n${stood.join('\n')}`;
  console.log(said);
  await test.info().attach('memory.txt', { body: said, contentType: 'text/plain' });

  expect(seenCanaries(viewer)).toEqual([]);
  expect(frames.length).toBeGreaterThan(MINUTES * 60 * 10);
  for (const { of, held } of all) {
    for (const one of held) {
      const limitBytes = one.firstBytes + Math.max(SLACK_BYTES, SLACK_SHARE * one.firstBytes);
      expect(one.lastBytes, `${of}: ${one.name}`).toBeLessThanOrEqual(limitBytes);
    }
  }
});

/** When the token of the face was seen, and what the page said then: a soak is long to look through. */
function seenCanaries(side: Side): string[] {
  return side.tap.records
    .filter(isCanary)
    .map(({ facts }) => whenIn(side, facts['shownAtMs'] ?? 0));
}

/**
 * From the most that was held at the end of a stretch of the first half to the end of the last one:
 * within a stretch caches fill, and memory rises and falls by what nobody has collected yet.
 */
function acrossOf(stretches: readonly Stretch[]): Held[] {
  const ends = stretches.map(({ samples }) => heldAtEnd(samples));
  const early = ends.slice(0, ends.length / 2);
  return [...(ends.at(-1) ?? [])].map(([name, lastBytes]) => {
    const before = early.flatMap((held) => held.get(name) ?? []);
    // What is new has not grown.
    return { name, firstBytes: before.length > 0 ? Math.max(...before) : lastBytes, lastBytes };
  });
}

function lines(of: string, held: readonly Held[]): string {
  return [...held]
    .sort((a, b) => b.lastBytes - a.lastBytes)
    .filter((one) => one.lastBytes > MIB)
    .map(({ name, firstBytes, lastBytes }) => {
      const grown = (lastBytes - firstBytes) / MIB;
      return `${of.padEnd(12)}${name.padEnd(40)}${(lastBytes / MIB).toFixed(0).padStart(6)} MiB ${grown >= 0 ? '+' : ''}${grown.toFixed(1)}`;
    })
    .join('\n');
}
