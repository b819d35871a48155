import { describe, expect, it } from 'vitest';
import type { WorkerErrorReason } from '../../src/node/worker/errors.ts';
import {
  failureOf,
  goodPool,
  isAlive,
  openPool,
  rogueSpec,
  until,
  withoutPython,
} from './fixtures.ts';

const quick = {
  killGraceMs: 50,
  cancelGraceMs: 200,
  startTimeoutMs: 5000,
  minBackoffMs: 20,
  heartbeatMs: 200,
};

describe.skipIf(withoutPython)('a worker that breaks the protocol', () => {
  const atStart: [string, WorkerErrorReason, RegExp][] = [
    ['other-version', 'version-mismatch', /it speaks 98, 99, this side 1/],
    ['print-first', 'protocol-violation', /before hello: desync/],
    ['no-hello', 'protocol-violation', /a bye before hello/],
  ];

  it.each(atStart)('at its start: %s', async (how, reason, detail) => {
    const { pool } = openPool(rogueSpec(how, quick));
    const error = await failureOf(pool.ready());
    expect(error.reason).toBe(reason);
    expect(error.message).toMatch(detail);
    expect(error.message).toMatch(/^worker rogue#1/);
  });

  const inCall: [string, WorkerErrorReason, RegExp][] = [
    // It waits for bytes that never come: only the heartbeat tells.
    ['lie-long', 'hung', /heartbeats/],
    ['lie-huge', 'protocol-violation', /totalBytes is above the cap/],
    ['lie-prefix', 'oversized', /announces 4294967295 bytes/],
    ['lie-parts', 'protocol-violation', /parts do not add up/],
    ['part-of-nothing', 'protocol-violation', /a part of nothing/],
    ['bomb', 'protocol-violation', /does not inflate/],
    ['never-asked', 'protocol-violation', /call 101, never made/],
    ['slot', 'protocol-violation', /not its call/],
    ['flood', 'flooding', /notifications a second/],
    ['flood-progress', 'flooding', /notifications a second/],
    ['close', 'stream-closed', /still running/],
    ['exit-in-chunk', 'exited', /in the middle of a message/],
    ['pong', 'protocol-violation', /answer to no ping/],
    ['call-twice', 'protocol-violation', /used twice/],
  ];

  it.each(inCall)('in a call: %s', async (how, reason, detail) => {
    const slow = () => new Promise<never>(() => undefined);
    const { pool } = openPool({ ...rogueSpec(how, quick), methods: { slow } });
    await pool.ready();
    const pids = pool.pids;
    const error = await failureOf(pool.call('x', { timeoutMs: 20_000 }));
    expect(error.reason).toBe(reason);
    expect(error.message).toMatch(detail);
    expect(error.message).toMatch(/^worker rogue#1, call \d+ x:/);
    await until('it is killed', () => pids.filter(isAlive).length === 0);
  });

  it('by answering twice: the answer counts once, then it is killed', async () => {
    const { pool, events } = openPool(rogueSpec('twice', quick));
    await pool.ready();
    const pids = pool.pids;
    expect(await pool.call('x')).toEqual({ value: null, payload: undefined });
    await until('it is killed', () => pids.filter(isAlive).length === 0);
    const failed = events.find(({ message }) => message === 'worker failed');
    expect(failed?.fields['reason']).toBe('protocol-violation');
  });

  it('not by answering a call that was cancelled', async () => {
    const { pool } = openPool(rogueSpec('answer-cancelled', quick));
    await pool.ready();
    expect((await failureOf(pool.call('x', { timeoutMs: 30 }))).reason).toBe('deadline');
    expect((await failureOf(pool.call('x', { timeoutMs: 30 }))).reason).toBe('deadline');
    expect(pool.starts).toBe(1);
  });

  it('by reading nothing: large calls end at their deadline, memory is bounded', async () => {
    const bounds = { ...quick, slots: 0, heartbeatMs: 100, maxMissedHeartbeats: 5 };
    const { pool } = openPool(rogueSpec('deaf', bounds));
    await pool.ready();
    const payload = [Buffer.alloc(4_000_000)];
    const calls = Array.from({ length: 6 }, () => failureOf(pool.call('x', { payload })));
    const reasons = new Set((await Promise.all(calls)).map(({ reason }) => reason));
    expect(['hung', 'deadline', 'circuit-open']).toEqual(expect.arrayContaining([...reasons]));
  });

  it('is not noticed by others', async () => {
    const good = goodPool().pool;
    await good.ready();
    const hows = ['lie-prefix', 'flood', 'exit-in-chunk', 'close'];
    const bad = hows.map((how) => failureOf(openPool(rogueSpec(how, quick)).pool.call('x')));
    let answered = 0;
    const over = Promise.all(bad).then(() => true);
    const turn = () => Promise.race([over, good.call('echo', { args: answered })]);
    while ((await turn()) !== true) answered += 1;
    expect(answered).toBeGreaterThan(10);
    expect(good.starts).toBe(1);
  });
});
