import { LiveError } from '@drape/contract';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DEFAULT_INBOX, type Handle, Inbox } from '../../src/signalling/inbox.ts';
import { TokenBucket } from '../../src/signalling/token-bucket.ts';
import { silent } from '../support/log.ts';

function inbox(handle: Handle, limits = DEFAULT_INBOX): Inbox {
  return new Inbox({ handle, limits, log: silent, onFlood: () => undefined });
}

const ask = (box: Inbox, name: string, body: unknown): Promise<unknown> =>
  new Promise((answer) => void box.take(name, [body, answer]));

describe('Inbox', () => {
  it('answers in the order of asking, however long each takes', async () => {
    const order: string[] = [];
    const first = Promise.withResolvers<undefined>();
    const box = inbox(async (name) => {
      if (name === 'publish:stop') await first.promise;
      order.push(name);
      return {} as never;
    });
    const both = [ask(box, 'publish:stop', {}), ask(box, 'watch:stop', {})];
    first.resolve(undefined);
    await Promise.all(both);
    expect(order).toEqual(['publish:stop', 'watch:stop']);
  });

  it('answers with deadline, and goes on with the next', async () => {
    const box = inbox(
      (name) =>
        name === 'watch:stop' ? Promise.resolve({} as never) : new Promise(() => undefined),
      { ...DEFAULT_INBOX, deadlineMs: 20 },
    );
    const [late, next] = await Promise.all([
      ask(box, 'publish:stop', {}),
      ask(box, 'watch:stop', {}),
    ]);
    expect(late).toMatchObject({ ok: false, error: { code: 'deadline', retryable: true } });
    expect(next).toEqual({ ok: true });
  });

  it('tells nothing of a defect but that there is one', async () => {
    const box = inbox(() => Promise.reject(new Error('secret path /etc/passwd')));
    const refused = await ask(box, 'room:join', {});
    expect(refused).toMatchObject({ ok: false, error: { code: 'internal' } });
    expect(JSON.stringify(refused)).not.toContain('secret');
  });

  it('passes typed errors on', async () => {
    const box = inbox(() => Promise.reject(new LiveError('room-full', 'full')));
    expect(await ask(box, 'room:join', {})).toEqual({
      ok: false,
      error: { code: 'room-full', message: 'full', retryable: true },
    });
  });
});

describe('TokenBucket', () => {
  it('never lets through more than the burst and what time has added', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 500 }), { maxLength: 200 }), (steps) => {
        const bucket = new TokenBucket({ burst: 5, perSecond: 10 }, 0);
        let nowMs = 0;
        let taken = 0;
        for (const step of steps) {
          nowMs += step;
          if (bucket.take(nowMs) === 0) taken++;
          expect(taken).toBeLessThanOrEqual(5 + nowMs / 100 + 1e-6);
        }
      }),
    );
  });

  it('says how long to wait', () => {
    const bucket = new TokenBucket({ burst: 1, perSecond: 10 }, 0);
    expect([bucket.take(0), bucket.take(0), bucket.take(100)]).toEqual([0, 100, 0]);
  });
});
