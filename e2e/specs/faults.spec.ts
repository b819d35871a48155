import type { Side } from '../src/probe/stage.ts';
import { descendants } from '../src/measure/processes.ts';
import { goLive, type Live } from './support/go-live.ts';
import type { Stage } from './support/stage.ts';
import { backAfterMs, now } from './support/back-after.ts';
import { canariesIn, framesOf } from './support/seen.ts';
import { expect, test } from './support/stage.ts';

/** From the moment that the cause is back. */
const BACK_WITHIN_MS = 3000;

/** Live, and seen for a while. */
async function watched(stage: Stage, mode: 'edge' | 'server'): Promise<Live> {
  const live = await goLive(stage, mode);
  await expect.poll(() => framesOf(live.viewer).length).toBeGreaterThan(50);
  return live;
}

/** When the viewer's page said a state after a moment. */
async function saidAtMs(side: Side, state: string, sinceMs: number): Promise<number> {
  const find = (): number | undefined =>
    side.tap.states.find((one) => one.atMs >= sinceMs && one.state === state)?.atMs;
  await expect.poll(find).toBeDefined();
  return find() ?? NaN;
}

/** When the viewer's page went over to another epoch than before a moment. */
async function newEpochAtMs(side: Side, sinceMs: number): Promise<number> {
  const before = side.tap.states.findLast((one) => one.atMs < sinceMs && one.epoch)?.epoch;
  const find = (): number | undefined =>
    side.tap.states.find((one) => one.atMs >= sinceMs && one.epoch && one.epoch !== before)?.atMs;
  await expect.poll(find).toBeDefined();
  return find() ?? NaN;
}

function expectNothingRaw({ publisher, viewer }: Live): void {
  expect(canariesIn(framesOf(publisher))).toBeGreaterThan(0);
  expect(canariesIn(framesOf(viewer))).toBe(0);
}

test('an anonymizer process that is killed is followed by a new one, under a new epoch @live', async ({
  stage,
}) => {
  const anonymizers = (): number[] => descendants(stage.servers.pid, 'child/main.ts');
  // The servers outlive a test: the room of the one before lets go of its processes after a while.
  await expect.poll(anonymizers, { timeout: 60_000 }).toEqual([]);
  const saidBefore = stage.servers.lines.length;
  const live = await watched(stage, 'server');
  // The oldest: a second one is kept in case that the first one dies, and loads its models first.
  const isReady = (): boolean =>
    stage.servers.lines.slice(saidBefore).some((line) => line.includes('spare anonymizer is warm'));
  await expect.poll(isReady, { timeout: 60_000 }).toBe(true);
  const [pid] = anonymizers();
  expect(pid).toBeDefined();
  const atMs = now();
  process.kill(pid ?? 0, 'SIGKILL');
  // With a second one at hand the slate may be too short to be said; the epoch is always new.
  const newEpochMs = await newEpochAtMs(live.viewer, atMs);
  const sawItMs = await backAfterMs(live.viewer, newEpochMs);
  expect(newEpochMs - atMs + sawItMs).toBeLessThanOrEqual(BACK_WITHIN_MS);
  expectNothingRaw(live);
});

test('a publisher whose tab crashes leaves a slate, and is back when it is @live', async ({
  stage,
}) => {
  const live = await watched(stage, 'edge');
  const atMs = now();
  await live.publisher.crash();
  await saidAtMs(live.viewer, 'covered', atMs);
  const again = await stage.publisher({ name: 'again' });
  await again.goto(live.room.publish);
  await again.untilState('edge');
  const liveMs = again.tap.states.findLast((one) => one.state === 'edge')?.atMs ?? NaN;
  expect(await backAfterMs(live.viewer, liveMs)).toBeLessThanOrEqual(BACK_WITHIN_MS);
  expectNothingRaw({ ...live, publisher: again });
});

test('a mediasoup worker that is killed is replaced @live', async ({ stage }) => {
  const live = await watched(stage, 'edge');
  const [pid] = descendants(stage.servers.pid, 'mediasoup-worker');
  expect(pid).toBeDefined();
  const atMs = now();
  process.kill(pid ?? 0, 'SIGKILL');
  await saidAtMs(live.viewer, 'covered', atMs);
  await expect.poll(() => descendants(stage.servers.pid, 'mediasoup-worker').length).toBe(1);
  expect(await backAfterMs(live.viewer, now())).toBeLessThanOrEqual(BACK_WITHIN_MS);
  expectNothingRaw(live);
});

test('a media server that is killed is found again when it is back @live', async ({ stage }) => {
  const live = await watched(stage, 'edge');
  await stage.servers.crash();
  await stage.servers.restart();
  expect(await backAfterMs(live.viewer, now())).toBeLessThanOrEqual(BACK_WITHIN_MS);
  expectNothingRaw(live);
});
