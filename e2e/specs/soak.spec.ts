import { setTimeout as wait } from 'node:timers/promises';
import type { Held, MemorySample } from '../src/measure/memory.ts';
import { MemoryWatch, heldIn } from '../src/measure/memory.ts';
import { canariesIn, fluency, framesOf } from './support/seen.ts';
import { expect, test } from './support/stage.ts';

const MINUTES = Number(process.env['SOAK_MINUTES'] ?? 60);
const MODES = ['edge', 'server', 'edge', 'server'] as const;
/** Caches fill and code is compiled in the first part of each stretch. */
const WARM_SHARE = 0.25;
/** What a garbage collector may leave lying about. */
const SLACK_BYTES = 16 * 2 ** 20;
const SLACK_SHARE = 0.1;
const MIB = 2 ** 20;

interface Stretch {
  readonly mode: (typeof MODES)[number];
  readonly samples: readonly MemorySample[];
}

test(`memory stays flat in ${MINUTES} minutes of both modes @soak`, async ({ stage }) => {
  const room = await stage.room({ mode: 'auto' });
  const publisher = await stage.publisher();
  await publisher.goto(room.publish);
  await publisher.untilState('edge');
  const viewer = await stage.viewer();
  await viewer.goto(room.watch);

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
    await wait((MINUTES * 60_000) / MODES.length);
    stretches.push({ mode, fromMs, toMs: watch.nowMs });
  }
  const samples = watch.stop();
  const measured = stretches.map(({ mode, fromMs, toMs }): Stretch => {
    const warmMs = fromMs + WARM_SHARE * (toMs - fromMs);
    return { mode, samples: samples.filter(({ atMs }) => atMs >= warmMs && atMs < toMs) };
  });
  const within = measured.map(({ mode, samples: of }, at) => ({
    of: `${at + 1}, ${mode}`,
    held: heldIn(of),
  }));
  const between = (['edge', 'server'] as const).map((mode) => ({
    of: `all, ${mode}`,
    held: acrossOf(measured.filter((one) => one.mode === mode)),
  }));
  const table = [...within, ...between].map(({ of, held }) => lines(of, held)).join('\n');
  const frames = framesOf(viewer);
  const { framesPerSecond, longestMs } = fluency(frames);
  const said = `${table}\nviewer: ${frames.length} frames, ${framesPerSecond.toFixed(1)}/s, longest picture ${Math.round(longestMs)} ms`;
  console.log(said);
  await test.info().attach('memory.txt', { body: said, contentType: 'text/plain' });

  expect(canariesIn(frames)).toBe(0);
  expect(frames.length).toBeGreaterThan(MINUTES * 60 * 10);
  for (const { of, held } of [...within, ...between]) {
    for (const one of held) {
      const limitBytes = one.firstBytes + Math.max(SLACK_BYTES, SLACK_SHARE * one.firstBytes);
      expect(one.lastBytes, `${of}: ${one.name}`).toBeLessThanOrEqual(limitBytes);
    }
  }
});

/** From the first stretch of a mode to its last one. */
function acrossOf(stretches: readonly Stretch[]): Held[] {
  const first = heldIn(stretches[0]?.samples ?? []);
  const last = heldIn(stretches.at(-1)?.samples ?? []);
  return last.map(({ name, lastBytes }) => {
    const before = first.find((one) => one.name === name)?.lastBytes ?? lastBytes;
    return { name, firstBytes: before, lastBytes };
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
