import { describe, expect, it } from 'vitest';
import { RemoteError } from '../../src/node/worker/errors.ts';
import type { WireValue } from '../../src/node/worker/messages.ts';
import { failureOf, goodPool, withoutPython } from './fixtures.ts';

function pattern(sizeBytes: number): Buffer {
  return Buffer.from(Uint8Array.from({ length: sizeBytes }, (_, at) => (at * 31) & 255));
}

describe.skipIf(withoutPython)('calls', () => {
  it('carry values both ways', async () => {
    const { pool } = goodPool();
    const args = { text: '수술 기록', list: [1, -1, 2 ** 53 - 1, 0.5, null, true], map: { a: {} } };
    expect(await pool.call('echo', { args })).toEqual({ value: args, payload: undefined });
  });

  it.each([0, 8])('carry bytes both ways with %i slots of shared memory', async (slots) => {
    const { pool } = goodPool({ bounds: { slots } });
    const planes = [pattern(1_500_000), pattern(700_001), pattern(3)];
    const { payload } = await pool.call('echo', { payload: planes });
    expect(Buffer.concat([payload ?? Buffer.alloc(0)]).equals(Buffer.concat(planes))).toBe(true);
    const inverted = await pool.call('invert', { payload: [Buffer.from([0, 1, 255])] });
    expect([...(inverted.payload ?? [])]).toEqual([255, 254, 0]);
    const large = await pool.call('bytes', { args: 3_000_000 });
    expect(large.payload?.length).toBe(3_000_000);
  });

  it('read their bytes before call() returns, also while they wait', async () => {
    const { pool } = goodPool({ bounds: { slots: 2 } });
    const sent = Array.from({ length: 12 }, (_, index) => {
      const bytes = Buffer.alloc(1000, index);
      const result = pool.call('echo', { args: index, payload: [bytes] });
      bytes.fill(99);
      return result;
    });
    const got = (await Promise.all(sent)).map(({ payload }) => [payload?.[0], payload?.[999]]);
    expect(got).toEqual(sent.map((_, index) => [index, index]));
  });

  it('put the reply where the caller wants it', async () => {
    const { pool } = goodPool();
    const replyInto = Buffer.alloc(10);
    const { payload } = await pool.call('echo', { payload: [pattern(8)], replyInto });
    expect(payload?.buffer).toBe(replyInto.buffer);
    expect(payload).toHaveLength(8);
  });

  it('reject with the traceback as cause, and name worker, call and remedy', async () => {
    const { pool } = goodPool();
    const error = await failureOf(pool.call('raise', { args: 'no luck' }));
    expect(error.reason).toBe('method-failed');
    expect(error.message).toMatch(/^worker fixture#1, call \d+ raise: .*traceback/);
    expect(error.cause).toBeInstanceOf(RemoteError);
    const cause = error.cause as RemoteError;
    expect([cause.type, cause.trace]).toEqual([
      'ValueError',
      expect.stringContaining('fixture_methods.py'),
    ]);
  });

  it('of a private method tell places and types, never what was read', async () => {
    const { pool, events } = goodPool();
    const error = await failureOf(pool.call('raise-private', { args: 'HONG GILDONG' }));
    const told = [error.message, error.stack, (error.cause as RemoteError).trace, error.cause];
    expect(JSON.stringify([told, events])).not.toContain('HONG');
    expect((error.cause as RemoteError).trace).toContain('fixture_methods.py');
  });

  it.each(['model-missing', 'model-corrupt', 'package-missing'] as const)(
    'keep the reason %s of a method',
    async (reason) => {
      const { pool } = goodPool();
      const error = await failureOf(pool.call('raise-reason', { args: reason }));
      expect(error.reason).toBe(reason);
      expect(error.message).toContain('npm run setup');
    },
  );

  it('survive sys.exit() and values that can not be sent', async () => {
    const { pool } = goodPool();
    expect((await failureOf(pool.call('exit'))).reason).toBe('method-failed');
    expect((await failureOf(pool.call('unencodable'))).reason).toBe('method-failed');
    expect((await failureOf(pool.call('no-such-method'))).reason).toBe('unknown-method');
    expect((await pool.call('echo', { args: 'alive' })).value).toBe('alive');
    expect(pool.starts).toBe(1);
  });

  it('end at their deadline, and the worker stops computing', async () => {
    const { pool } = goodPool();
    await pool.ready();
    const error = await failureOf(pool.call('sleep', { args: { ms: 60_000 }, timeoutMs: 50 }));
    expect(error.reason).toBe('deadline');
    expect((await pool.call('echo', { args: 'free again' })).value).toBe('free again');
    expect(pool.starts).toBe(1);
  });

  it('end when their signal fires, before and after they were sent', async () => {
    const { pool } = goodPool();
    await pool.ready();
    const controller = new AbortController();
    const options = { args: { ms: 60_000 }, signal: controller.signal };
    const calls = [1, 2, 3, 4, 5, 6, 7].map(() => failureOf(pool.call('sleep', options)));
    controller.abort();
    const late = failureOf(pool.call('sleep', options));
    const reasons = (await Promise.all([...calls, late])).map(({ reason }) => reason);
    expect(new Set(reasons)).toEqual(new Set(['cancelled']));
    expect((await pool.call('echo', { args: 1 })).value).toBe(1);
    expect(pool.starts).toBe(1);
  });

  it('of a serial key run one at a time, other keys beside them', async () => {
    const { pool } = goodPool({ threads: 3 });
    const keys = ['a', 'b', 'c'];
    const calls = [0, 1, 2, 3, 4].flatMap((value) =>
      keys.map((key) =>
        pool.call('append', { key, order: 'serial', args: { value, ms: 5 - value } }),
      ),
    );
    const results = await Promise.all(calls);
    const last = results.slice(-3).map(({ value }) => (value as { seen: WireValue }).seen);
    expect(last).toEqual(keys.map(() => [0, 1, 2, 3, 4]));
  });

  it('of a serial key go to the process that has its state', async () => {
    const { pool } = goodPool({ size: 2 });
    const call = (key: string) => pool.call('append', { key, order: 'serial', args: { value: 1 } });
    const results = await Promise.all(['a', 'b', 'a', 'b', 'a', 'b'].map(call));
    const pids = results.map(({ value }) => (value as { pid: number }).pid);
    expect(new Set(pids).size).toBe(2);
    expect(pids).toEqual([pids[0], pids[1], pids[0], pids[1], pids[0], pids[1]]);
  });

  it('of an ordered key run at once and come in order', async () => {
    const { pool } = goodPool({ threads: 4, size: 1 });
    await pool.ready();
    const arrived: number[] = [];
    const calls = [60, 40, 20, 0].map(async (ms, index) => {
      await pool.call('sleep', { key: 'k', order: 'ordered', args: { ms } });
      arrived.push(index);
    });
    const other = pool.call('echo', { key: 'other', order: 'ordered' }).then(() => arrived.length);
    await Promise.all(calls);
    expect(arrived).toEqual([0, 1, 2, 3]);
    expect(await other).toBe(0);
  });

  it('wait in a bounded queue', async () => {
    const { pool } = goodPool({ bounds: { maxQueued: 3 } });
    await pool.ready();
    const calls = Array.from({ length: 12 }, () =>
      pool.call('sleep', { args: { ms: 20 } }).then(
        () => 'done',
        (error: unknown) => (error as { reason: string }).reason,
      ),
    );
    const outcomes = await Promise.all(calls);
    // Four under way, three in the queue.
    expect(outcomes.filter((outcome) => outcome === 'done')).toHaveLength(7);
    expect(outcomes.filter((outcome) => outcome === 'overloaded')).toHaveLength(5);
  });

  it('tell their progress, logs and metrics', async () => {
    const { pool, events, metrics } = goodPool();
    const steps: WireValue[] = [];
    await pool.call('progress', { args: 5, onProgress: (value) => steps.push(value) });
    await pool.call('log', { args: 'this' });
    expect(steps).toEqual([0, 1, 2, 3, 4]);
    expect(events).toContainEqual({
      worker: 'fixture#1.1',
      source: 'method',
      level: 'info',
      message: 'a method said',
      fields: { what: 'this' },
    });
    expect(metrics).toEqual([{ queue: 2 }]);
  });

  it('are held to a budget of notifications by the worker itself', async () => {
    const { pool } = goodPool();
    const { value } = await pool.call('progress', { args: 5000 });
    expect(value).toBeLessThan(500);
    expect(pool.starts).toBe(1);
  });
});

describe.skipIf(withoutPython)('calls from the worker', () => {
  const methods = {
    double: (args: WireValue) => ({ value: (args as number) * 2 }),
    reverse: (_: WireValue, { payload }: { payload: Uint8Array | undefined }) => ({
      value: null,
      payload: Uint8Array.from(payload ?? []).reverse(),
    }),
    fail: () => {
      throw new Error('the host said no');
    },
    never: () => new Promise<never>(() => undefined),
  };

  it('carry values and bytes', async () => {
    const { pool } = goodPool({ methods });
    const doubled = await pool.call('ask-host', { args: { method: 'double', args: 21 } });
    expect(doubled.value).toBe(42);
    const sent = pattern(2_500_000);
    const { payload } = await pool.call('ask-host', {
      args: { method: 'reverse' },
      payload: [sent],
    });
    expect(Buffer.from(payload ?? []).equals(Buffer.from(sent).reverse())).toBe(true);
  });

  it('fail with what went wrong here', async () => {
    const { pool } = goodPool({ methods });
    const failed = await failureOf(pool.call('ask-host', { args: { method: 'fail' } }));
    expect(failed.message).toContain('the host said no');
    const unknown = await failureOf(pool.call('ask-host', { args: { method: 'toString' } }));
    expect(unknown.message).toContain('unknown-method');
    const late = await failureOf(
      pool.call('ask-host', { args: { method: 'never', timeoutS: 0.05 } }),
    );
    expect(late.message).toContain('deadline');
    expect(pool.starts).toBe(1);
  });
});
