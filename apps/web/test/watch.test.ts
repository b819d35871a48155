import { describe, expect, test } from 'vitest';
import type { RoomState } from '@drape/contract';
import { estimateLatencyMs, smooth } from '../src/live/watch/latency.ts';
import { slateOf, STALL_MS } from '../src/live/watch/slate.ts';
import { swap, type Offer, type SwapState } from '../src/live/watch/swap.ts';

const offer = (epoch: number): Offer => ({ consumerId: `c${epoch}`, epoch });
const EMPTY: SwapState<Offer> = { shown: undefined, incoming: undefined };

describe('swap', () => {
  test('the old picture is seen until the new one has a frame', () => {
    const first = swap(swap(EMPTY, { type: 'offered', offer: offer(1) }).state, {
      type: 'first-frame',
      consumerId: 'c1',
    }).state;
    const during = swap(first, { type: 'offered', offer: offer(2) });
    expect(during).toEqual({ state: { shown: offer(1), incoming: offer(2) }, close: [] });
    const after = swap(during.state, { type: 'first-frame', consumerId: 'c2' });
    expect(after).toEqual({
      state: { shown: offer(2), incoming: undefined },
      close: [offer(1)],
    });
  });

  test('a newer offer replaces one that never got a frame', () => {
    const state = { shown: offer(1), incoming: offer(2) };
    expect(swap(state, { type: 'offered', offer: offer(3) })).toEqual({
      state: { shown: offer(1), incoming: offer(3) },
      close: [offer(2)],
    });
  });

  test('an offer of an older epoch is not taken', () => {
    const state = { shown: offer(3), incoming: undefined };
    expect(swap(state, { type: 'offered', offer: offer(2) })).toEqual({ state, close: [offer(2)] });
  });

  test('what the server closed is gone, and only that', () => {
    const state = { shown: offer(1), incoming: offer(2) };
    expect(swap(state, { type: 'closed', consumerId: 'c1' })).toEqual({
      state: { shown: undefined, incoming: offer(2) },
      close: [offer(1)],
    });
    expect(swap(state, { type: 'closed', consumerId: 'c9' })).toEqual({ state, close: [] });
  });

  test('a first frame of something else changes nothing', () => {
    const state = { shown: offer(1), incoming: offer(2) };
    expect(swap(state, { type: 'first-frame', consumerId: 'c1' })).toEqual({ state, close: [] });
  });
});

const room = (part: Partial<RoomState>): RoomState => ({
  live: true,
  mode: 'edge',
  epoch: 1,
  sinceMs: 0,
  viewers: 1,
  ...part,
});
const welcome = {
  role: 'viewer',
  room: 'room1',
  sessionId: 's',
  resume: 'r',
  resumed: false,
} as const;
const facts = {
  connection: { type: 'up', welcome },
  room: room({}),
  hasPicture: true,
  unplayable: false,
  lastFrameMs: 1000,
  nowMs: 1000,
} as const;

describe('slate', () => {
  test('a live room with fresh frames is bare', () => {
    expect(slateOf(facts)).toEqual({ type: 'none' });
  });

  test('a covered room is covered although frames are fresh', () => {
    const covered = room({ live: false, mode: 'covered', cause: 'residual-hit' });
    expect(slateOf({ ...facts, room: covered })).toEqual({
      type: 'covered',
      cause: 'residual-hit',
    });
  });

  test('pictures that stop are said after a second', () => {
    expect(slateOf({ ...facts, nowMs: 1000 + STALL_MS }).type).toBe('stalled');
  });

  test('without signalling the picture stays as long as it moves', () => {
    const connection = { type: 'connecting', lostBefore: true } as const;
    expect(slateOf({ ...facts, connection }).type).toBe('none');
    expect(slateOf({ ...facts, connection, nowMs: 9000 }).type).toBe('reconnecting');
  });

  test('a format that the browser lacks is said, not waited for', () => {
    const lacking = { ...facts, hasPicture: false, unplayable: true };
    expect(slateOf(lacking).type).toBe('unplayable');
    const off = room({ live: false, mode: 'off', cause: 'stopped' });
    expect(slateOf({ ...lacking, room: off }).type).toBe('off');
  });

  test('an unknown room is not shown', () => {
    expect(slateOf({ ...facts, room: undefined }).type).toBe('connecting');
  });
});

test('latency is not guessed where the pipeline tells nothing', () => {
  expect(estimateLatencyMs({ roundTripMs: 20 })).toBeUndefined();
  expect(estimateLatencyMs({ pipelineMs: 220, roundTripMs: 20, displayMs: 35 })).toBe(275);
});

test('the mean follows a step within a second at 30 fps', () => {
  let mean = smooth(undefined, 100);
  for (let frame = 0; frame < 30; frame++) mean = smooth(mean, 200);
  expect(mean).toBeGreaterThan(190);
});
