import { describe, expect, test } from 'vitest';
import { BoundedQueue } from '../../src/node/media/bounded-queue.ts';

describe('BoundedQueue', () => {
  test('push waits while it is full, and order is kept', async () => {
    const queue = new BoundedQueue<number>(2, () => undefined);
    const pushed: number[] = [];
    const producing = (async () => {
      for (let i = 1; i <= 5; i += 1) {
        await queue.push(i);
        pushed.push(i);
      }
      queue.end();
    })();
    await queue.push(0);
    expect(pushed.length).toBeLessThanOrEqual(1);
    const taken: number[] = [];
    for (let item = await queue.shift(); item !== undefined; item = await queue.shift()) {
      taken.push(item);
      expect(pushed.length - taken.length).toBeLessThanOrEqual(2);
    }
    await producing;
    expect(taken.sort()).toEqual([0, 1, 2, 3, 4, 5]);
  });

  test('a failure comes after what was queued', async () => {
    const queue = new BoundedQueue<number>(2, () => undefined);
    await queue.push(1);
    queue.fail(new Error('decoder'));
    expect(await queue.shift()).toBe(1);
    await expect(queue.shift()).rejects.toThrow('decoder');
  });

  test('close discards what is queued and what still comes', async () => {
    const discarded: number[] = [];
    const queue = new BoundedQueue<number>(1, (item) => discarded.push(item));
    await queue.push(1);
    const waiting = queue.push(2);
    queue.close();
    expect(await waiting).toBe(false);
    expect(await queue.push(3)).toBe(false);
    expect(await queue.shift()).toBeUndefined();
    expect(discarded.sort()).toEqual([1, 2, 3]);
  });
});
