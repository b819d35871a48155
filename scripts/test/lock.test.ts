import { spawnSync } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { withLock } from '../setup/lock.mjs';
import { temporaryRoot } from './support/workplace.ts';

const never = new AbortController().signal;

function deadPid(): number {
  return spawnSync(process.execPath, ['-e', '']).pid;
}

test('two at once run one after the other', async () => {
  const path = join(temporaryRoot(), 'lock');
  let inside = 0;
  let most = 0;
  const work = async () => {
    most = Math.max(most, ++inside);
    await new Promise((resolve) => setImmediate(resolve));
    inside -= 1;
  };
  const options = { abort: never, onWait: () => undefined };
  await Promise.all([withLock(path, options, work), withLock(path, options, work)]);
  expect(most).toBe(1);
  expect(existsSync(path)).toBe(false);
});

test('the one that waits says for whom', async () => {
  const path = join(temporaryRoot(), 'lock');
  const waitedFor: number[] = [];
  const holder = Promise.withResolvers<undefined>();
  const first = withLock(path, { abort: never, onWait: () => undefined }, () => holder.promise);
  const onWait = (pid: number) => {
    waitedFor.push(pid);
    holder.resolve(undefined);
  };
  await withLock(path, { abort: never, onWait }, () => Promise.resolve());
  await first;
  expect(waitedFor).toEqual([process.pid]);
});

test('the lock of a dead process is taken over', async () => {
  const path = join(temporaryRoot(), 'lock');
  writeFileSync(path, `${deadPid()} 12345`);
  const result = await withLock(path, { abort: never, onWait: () => undefined }, () =>
    Promise.resolve('mine'),
  );
  expect(result).toBe('mine');
  expect(existsSync(path)).toBe(false);
});

test.runIf(process.platform === 'linux')(
  'a lock whose process number belongs to someone else by now is taken over',
  async () => {
    const path = join(temporaryRoot(), 'lock');
    writeFileSync(path, `${process.pid} 1`);
    const work = () => Promise.resolve('mine');
    await expect(withLock(path, { abort: never, onWait: () => undefined }, work)).resolves.toBe(
      'mine',
    );
  },
);

test('the lock is given back when the work fails', async () => {
  const path = join(temporaryRoot(), 'lock');
  const work = () => Promise.reject(new Error('broken'));
  await expect(withLock(path, { abort: never, onWait: () => undefined }, work)).rejects.toThrow(
    'broken',
  );
  expect(existsSync(path)).toBe(false);
});

test('a signal ends the waiting and leaves the lock to its holder', async () => {
  const path = join(temporaryRoot(), 'lock');
  const controller = new AbortController();
  const holder = Promise.withResolvers<undefined>();
  const first = withLock(path, { abort: never, onWait: () => undefined }, () => holder.promise);
  const onWait = () => {
    controller.abort();
  };
  await expect(
    withLock(path, { abort: controller.signal, onWait }, () => Promise.resolve()),
  ).rejects.toThrow('Stopped by a signal.');
  expect(existsSync(path)).toBe(true);
  holder.resolve(undefined);
  await first;
});
