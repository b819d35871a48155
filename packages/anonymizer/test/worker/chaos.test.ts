import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { WorkerError } from '../../src/node/worker/errors.ts';
import type { CallOptions, CallResult } from '../../src/node/worker/pending-call.ts';
import { goodPool, isAlive, until, withoutPython } from './fixtures.ts';

const CALLS = 10_000;
const STREAMS = 6;
/** Calls of one stream under way: a caller that waits for results, as the pipeline does. */
const DEPTH = 4;
const LIMIT_MS = 80_000;

/** Pseudo-random, the same every run (xorshift32, Marsaglia 2003). */
function dice(seed: number): () => number {
  let state = seed >>> 0 || 1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
}

type Plan = readonly [method: string, options: CallOptions];

const frame = Buffer.alloc(200_000, 7);

/** What one call does. About one in 250 takes its worker down; the rest are well meant. */
function plan(roll: () => number): Plan {
  const at = roll();
  if (at < 0.0008) return ['die', { args: 'SIGKILL' }];
  if (at < 0.0014) return ['die', { args: 'SIGSEGV' }];
  if (at < 0.002) return ['hold-the-interpreter', { args: { ms: 60_000 }, timeoutMs: 500 }];
  if (at < 0.0026) return ['garbage', { args: [...Buffer.from('Epoch 1/10: loss=0.1\n')] }];
  // The prefix of a packet of 4 GiB.
  if (at < 0.0032)
    return ['garbage', { args: [0xd7, 0x44, 0x52, 0x50, ...Array<number>(12).fill(255)] }];
  if (at < 0.0036) return ['sleep-on', { args: { ms: 60_000 }, timeoutMs: 30 }];
  if (at < 0.01) return ['sleep', { args: { ms: 60_000 }, timeoutMs: 5 }];
  if (at < 0.02) return ['raise', { args: 'chaos' }];
  if (at < 0.025) return ['no-such-method', {}];
  if (at < 0.03) return ['print', { args: 'stray' }];
  if (at < 0.1) return ['echo', { payload: [frame] }];
  if (at < 0.105) return ['bytes', { args: 3_000_000 }];
  return ['echo', { args: at }];
}

interface Tally {
  settled: number;
  fulfilled: number;
  readonly reasons: Map<string, number>;
  readonly outOfOrder: string[];
}

function fileDescriptors(): number {
  return readdirSync('/proc/self/fd').length;
}

describe.skipIf(withoutPython)('10,000 calls in chaos', () => {
  it('all settle, in order per key, and nothing is left behind', async () => {
    const bounds = {
      heartbeatMs: 100,
      maxMissedHeartbeats: 5,
      cancelGraceMs: 300,
      killGraceMs: 50,
      minBackoffMs: 1,
      maxBackoffMs: 10,
      maxFailures: 1000,
      soundAfterMs: 50,
      callTimeoutMs: 20_000,
    };
    const { pool } = goodPool({ bounds, size: 2, threads: 2 });
    await pool.ready();
    const startedAt = performance.now();
    const tally: Tally = { settled: 0, fulfilled: 0, reasons: new Map(), outOfOrder: [] };
    const seen = new Set<number>();
    const memory: number[] = [];
    const fds: number[] = [];
    let made = 0;
    const sample = (): void => {
      for (const pid of pool.pids) seen.add(pid);
      if (tally.settled % 500 !== 0) return;
      memory.push(process.memoryUsage.rss());
      fds.push(fileDescriptors());
    };

    async function stream(index: number): Promise<void> {
      const roll = dice(index + 1);
      const key = `stream ${index}`;
      const order = index % 2 === 0 ? 'ordered' : 'serial';
      let lastFulfilled = -1;
      let next = 0;
      const one = async (): Promise<void> => {
        while (made < CALLS && performance.now() - startedAt < LIMIT_MS) {
          made += 1;
          const mine = next++;
          const [method, options] = plan(roll);
          await pool.call(method, { ...options, key, order }).then(
            (result) => {
              check(result, options);
              tally.fulfilled += 1;
              if (mine < lastFulfilled) tally.outOfOrder.push(`${key}: ${mine}`);
              lastFulfilled = mine;
            },
            (error: unknown) => {
              // Nothing but typed errors, each with its worker and its call.
              if (!(error instanceof WorkerError)) throw error;
              expect(error.message).toMatch(/^worker fixture#\d, call \d+ [a-z-]+: /);
              tally.reasons.set(error.reason, (tally.reasons.get(error.reason) ?? 0) + 1);
            },
          );
          tally.settled += 1;
          sample();
          // A slow consumer now and then: results wait, others do not.
          if (roll() < 0.002) await new Promise((resolve) => setTimeout(resolve, 20));
        }
      };
      await Promise.all(Array.from({ length: DEPTH }, one));
    }

    await Promise.all(Array.from({ length: STREAMS }, (_, index) => stream(index)));
    const elapsedMs = performance.now() - startedAt;
    const starts = pool.starts;
    await pool.close();

    expect(made).toBe(CALLS);
    expect(tally.settled).toBe(CALLS);
    expect(tally.outOfOrder).toEqual([]);
    expect(tally.fulfilled).toBeGreaterThan(CALLS * 0.8);
    for (const reason of ['exited', 'hung', 'deadline', 'oversized', 'protocol-violation']) {
      expect([reason, tally.reasons.get(reason) ?? 0]).not.toEqual([reason, 0]);
    }
    expect(starts).toBeGreaterThan(10);
    await until('no orphan', () => [...seen].filter(isAlive).length === 0);
    expect(elapsedMs).toBeLessThan(LIMIT_MS);
    // Flat: the last quarter holds no more than what the first had, and some room for the heap.
    const quarter = Math.max(1, Math.floor(memory.length / 4));
    const early = Math.max(...memory.slice(0, 2 * quarter));
    expect(Math.max(...memory.slice(-quarter))).toBeLessThan(early + 60 * 2 ** 20);
    expect(Math.max(...fds.slice(-quarter))).toBeLessThan(Math.max(...fds.slice(0, quarter)) + 12);
    const reasons = JSON.stringify(Object.fromEntries(tally.reasons));
    console.log(
      `chaos: ${tally.fulfilled} of ${CALLS} fulfilled, ${starts} processes, ` +
        `${Math.round(elapsedMs / 1000)} s, ${reasons}`,
    );
  });
});

function check(result: CallResult, options: CallOptions): void {
  if (options.payload) expect(result.payload?.length).toBe(frame.length);
}
