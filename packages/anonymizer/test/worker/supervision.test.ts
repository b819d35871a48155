import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import type { WorkerErrorReason } from '../../src/node/worker/errors.ts';
import { pythonPath, pythonWorker } from '../../src/node/worker/python.ts';
import {
  failureOf,
  goodPool,
  goodSpec,
  isAlive,
  openPool,
  rogueSpec,
  until,
  withoutPython,
} from './fixtures.ts';

const quick = { minBackoffMs: 5, maxBackoffMs: 20, killGraceMs: 100, cancelGraceMs: 100 };

describe('a worker that can not start', () => {
  it('without a Python says so', async () => {
    const { pool } = openPool({ name: 'none', command: '/no/such/python', args: [] });
    const error = await failureOf(pool.ready());
    expect(error.reason).toBe('python-missing');
    expect(error.message).toContain('npm run setup');
    const call = await failureOf(pool.call('x'));
    expect(call.reason).toBe('python-missing');
  });

  it.skipIf(withoutPython)('without a package names it', async () => {
    const modules = ['no_such_package'];
    const { pool } = openPool(pythonWorker({ name: 'incomplete', modules }));
    const error = await failureOf(pool.ready());
    expect(error.reason).toBe('package-missing');
    expect(error.message).toContain('no_such_package');
  });

  it.skipIf(withoutPython)('without the package that it speaks with says so, too', async () => {
    const args = ['-S', '-c', 'import msgpack'];
    const { pool } = openPool({ name: 'bare', command: pythonPath(), args });
    expect((await failureOf(pool.ready())).reason).toBe('package-missing');
  });

  it.skipIf(withoutPython)('exits before hello: its last words are in the error', async () => {
    const { pool } = openPool(rogueSpec('exit-first'));
    const error = await failureOf(pool.ready());
    expect([error.reason, error.message]).toEqual([
      'start-failed',
      expect.stringMatching(/exit code 7[^]*no such device/),
    ]);
  });

  it.skipIf(withoutPython)('stays silent: a limit ends it', async () => {
    const { pool } = openPool(rogueSpec('silent', { startTimeoutMs: 300 }));
    const error = await failureOf(pool.ready());
    expect(error.reason).toBe('start-timeout');
  });

  it.skipIf(withoutPython)('again and again opens the circuit, and closes it later', async () => {
    const bounds = { ...quick, maxFailures: 3, circuitOpenMs: 200 };
    const { pool } = openPool(rogueSpec('exit-first', bounds));
    const error = await failureOf(pool.call('x'));
    expect(error.reason).toBe('circuit-open');
    expect(pool.starts).toBe(3);
    expect((await failureOf(pool.call('x'))).reason).toBe('circuit-open');
    expect(pool.starts).toBe(3);
    await new Promise((resolve) => setTimeout(resolve, 250));
    await failureOf(pool.call('x'));
    expect(pool.starts).toBe(4);
  });
});

describe.skipIf(withoutPython)('a worker that fails', () => {
  const failures: [string, string, unknown, WorkerErrorReason][] = [
    ['is killed', 'die', 'SIGKILL', 'exited'],
    ['crashes in native code', 'die', 'SIGSEGV', 'exited'],
    ['holds the interpreter', 'hold-the-interpreter', { ms: 60_000 }, 'hung'],
    ['has garbage on its stream', 'garbage', [60, 61, 62], 'protocol-violation'],
  ];

  it.each(failures)('and %s: its calls end, the next one works', async (_, method, args, why) => {
    const bounds = { ...quick, heartbeatMs: 50, maxMissedHeartbeats: 4 };
    const { pool } = goodPool({ bounds, threads: 2 });
    const beside = failureOf(pool.call('sleep', { args: { ms: 60_000 } }));
    const error = await failureOf(pool.call(method, { args: args as never }));
    expect([error.reason, (await beside).reason]).toEqual([why, why]);
    expect(error.message).toContain(`fixture#1, call`);
    expect((await pool.call('echo', { args: 'again' })).value).toBe('again');
    expect(pool.starts).toBe(2);
  });

  it('to stop when cancelled is killed', async () => {
    const { pool } = goodPool({ bounds: quick });
    await pool.ready();
    const [pid] = pool.pids;
    const args = { ms: 60_000 };
    expect((await failureOf(pool.call('sleep-on', { args, timeoutMs: 20 }))).reason).toBe(
      'deadline',
    );
    expect((await pool.call('echo', { args: 1 })).value).toBe(1);
    expect(pool.starts).toBe(2);
    await until('the old process is gone', () => !isAlive(pid ?? 0));
  });

  it('to go on SIGTERM gets SIGKILL', async () => {
    const { pool } = goodPool({ bounds: quick });
    const pid = (await pool.call('ignore-sigterm')).value as number;
    const startedAt = performance.now();
    await pool.close();
    expect(isAlive(pid)).toBe(false);
    expect(performance.now() - startedAt).toBeGreaterThan(quick.killGraceMs - 10);
  });
});

describe.skipIf(withoutPython)('a worker that grew old', () => {
  it('by calls is replaced while calls go on, in order per key', async () => {
    const { pool } = goodPool({ bounds: { ...quick, recycleAfterCalls: 10 } });
    const results = await Promise.all(
      Array.from({ length: 50 }, (_, value) =>
        pool.call('append', { key: 'k', order: 'serial', args: { value, ms: 20 } }),
      ),
    );
    const values = results.map(({ value }) => (value as { seen: number[] }).seen.at(-1));
    expect(values).toEqual(values.map((_, index) => index));
    const pids = new Set(results.map(({ value }) => (value as { pid: number }).pid));
    expect(pids.size).toBeGreaterThan(1);
    await until('only one process is left', () => [...pids].filter(isAlive).length <= 1);
  });

  it('by memory is replaced', async () => {
    const bounds = { ...quick, heartbeatMs: 50, recycleAboveBytes: 100 * 2 ** 20 };
    const { pool } = goodPool({ bounds });
    const { value: first } = await pool.call('hoard', { args: 200 });
    await until('a successor serves', () => pool.pids.length === 1 && pool.pids[0] !== first);
    expect((await pool.call('echo', { args: 1 })).value).toBe(1);
    await until('the old process is gone', () => !isAlive(first as number));
  });
});

describe.skipIf(withoutPython)('the streams of a worker', () => {
  it('keep prints of Python and of C libraries out of the protocol', async () => {
    const { pool, events } = goodPool();
    const { value } = await pool.call('print', { args: 'stray' });
    expect(value).toBe('still speaking the protocol');
    const texts = () => events.filter((e) => e.source === 'stderr').map((e) => e.fields['text']);
    await until('all three are logged', () => texts().length === 3);
    expect(texts()).toEqual(['stray', 'stray by descriptor', 'stray by a C library']);
  });

  it('are logged with bounds', async () => {
    const { pool, events } = goodPool();
    await pool.call('print-much', { args: { lines: 2000, length: 10_000 } });
    const lines = events.filter((event) => event.source === 'stderr');
    expect(lines.length).toBeGreaterThan(10);
    expect(lines.length).toBeLessThan(400);
    const longest = Math.max(...lines.map(({ fields }) => (fields['text'] as string).length));
    expect(longest).toBeLessThanOrEqual(2000);
  });
});

describe.skipIf(withoutPython)('closing', () => {
  it('settles what is open, leaves no process, and may be done twice', async () => {
    const { pool } = goodPool({ size: 2 });
    await pool.ready();
    const calls = Array.from({ length: 20 }, () =>
      failureOf(pool.call('sleep', { args: { ms: 60_000 } })),
    );
    const pids = pool.pids;
    await Promise.all([pool.close(), pool.close()]);
    expect(new Set((await Promise.all(calls)).map(({ reason }) => reason))).toEqual(
      new Set(['closed']),
    );
    expect(pids.filter(isAlive)).toEqual([]);
    expect((await failureOf(pool.call('echo'))).reason).toBe('closed');
  });

  it('while it starts leaves no process', async () => {
    const { pool } = goodPool();
    const call = failureOf(pool.call('echo'));
    await pool.close();
    expect((await call).reason).toBe('closed');
    expect(pool.pids).toEqual([]);
  });

  it('does not wait for a start that stays silent', async () => {
    const { pool } = openPool(rogueSpec('silent'));
    const call = failureOf(pool.call('x'));
    const startedAt = performance.now();
    await pool.close();
    expect((await call).reason).toBe('closed');
    expect(performance.now() - startedAt).toBeLessThan(10_000);
  });

  it('by scope works', async () => {
    let pids: readonly number[];
    {
      await using pool = goodPool().pool;
      await pool.ready();
      pids = pool.pids;
      expect(pids.filter(isAlive)).toHaveLength(1);
    }
    expect(pids.filter(isAlive)).toEqual([]);
  });

  it.each([0, 1])('of the parent by SIGKILL leaves no orphan (busy: %i)', async (busy) => {
    const script = fileURLToPath(new URL('parent.ts', import.meta.url));
    const parent = spawn(process.execPath, [script, String(busy)], { stdio: 'pipe' });
    const [line] = (await once(parent.stdout, 'data')) as [Buffer];
    const pids = JSON.parse(line.toString()) as number[];
    expect(pids).toHaveLength(2);
    expect(pids.filter(isAlive)).toEqual(pids);
    parent.kill('SIGKILL');
    await until('the workers are gone', () => pids.filter(isAlive).length === 0, 5000);
    // Other tests may just be opening theirs: a name lives for an instant.
    const names = (): string[] =>
      readdirSync('/dev/shm').filter((name) => name.startsWith('drape-'));
    await until('no memory is left', () => names().length === 0, 5000);
  });
});

it.skipIf(withoutPython)('a worker gets nothing of the environment but what it needs', () => {
  const spec = goodSpec();
  expect(spec.command).toBe(pythonPath());
  expect(Object.keys(spec.env ?? {})).not.toContain('NODE_OPTIONS');
});
