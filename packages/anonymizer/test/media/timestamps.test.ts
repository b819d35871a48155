import fc from 'fast-check';
import { AV_NOPTS_VALUE } from 'node-av/constants';
import { describe, expect, test } from 'vitest';
import { MICROSECONDS, rescale, ticksToUs } from '../../src/node/media/ticks.ts';
import { TimestampRepair } from '../../src/node/media/timestamps.ts';

const FRAME = 3600n;
const CLOCK = { num: 1, den: 90_000 };

function repair(times: readonly bigint[]): { pts: bigint[]; us: number[]; repaired: number } {
  const repairing = new TimestampRepair(CLOCK, FRAME);
  const all = times.map((pts) => repairing.next(pts));
  return {
    pts: all.map(({ pts }) => pts),
    us: all.map(({ ptsUs }) => ptsUs),
    repaired: repairing.repaired,
  };
}

describe('TimestampRepair', () => {
  test('strictly rising times pass unchanged', () => {
    fc.assert(
      fc.property(fc.array(fc.bigInt({ min: 10n, max: 10_000_000n })), (steps) => {
        let at = -5_000_000n;
        const times = steps.map((step) => (at += step));
        const { pts, repaired } = repair(times);
        expect(pts).toEqual(times);
        expect(repaired).toBe(0);
      }),
    );
  });

  test('whatever comes in, ticks and microseconds rise strictly', () => {
    const time = fc.oneof(
      fc.bigInt({ min: -1_000_000n, max: 1_000_000n }),
      fc.constant(AV_NOPTS_VALUE),
      fc.bigInt({ min: 0n, max: 20n }),
    );
    fc.assert(
      fc.property(fc.array(time, { minLength: 2 }), (times) => {
        const { pts, us } = repair(times);
        for (let i = 1; i < pts.length; i += 1) {
          expect((pts[i] ?? 0n) > (pts[i - 1] ?? 0n)).toBe(true);
          expect(us[i] ?? 0).toBeGreaterThan(us[i - 1] ?? 0);
        }
      }),
    );
  });

  test('a missing time goes one frame behind its predecessor', () => {
    expect(repair([0n, AV_NOPTS_VALUE, 7200n])).toMatchObject({ pts: [0n, 3600n, 7200n] });
  });

  test('a repeated time moves by one tick only', () => {
    expect(repair([0n, 3600n, 3600n, 7200n])).toMatchObject({
      pts: [0n, 3600n, 3601n, 7200n],
      repaired: 1,
    });
  });

  test('a clock that starts anew goes on where it was', () => {
    const again = [900_000n, 903_600n, 0n, 3600n, 7200n];
    expect(repair(again)).toMatchObject({
      pts: [900_000n, 903_600n, 907_200n, 910_800n, 914_400n],
      repaired: 1,
    });
  });
});

describe('rescale', () => {
  test('there and back is the same where the other clock is finer', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -(10n ** 12n), max: 10n ** 12n }), (ticks) => {
        const there = rescale(ticks, CLOCK, { num: 1, den: 90_000 * 7 });
        expect(rescale(there, { num: 1, den: 90_000 * 7 }, CLOCK)).toBe(ticks);
      }),
    );
  });

  test('rounds to the nearest, halves away from zero', () => {
    expect(ticksToUs(1n, { num: 1, den: 3 })).toBe(333_333);
    expect(ticksToUs(-1n, { num: 1, den: 2_000_000 })).toBe(-1);
    expect(rescale(2n, { num: 1, den: 3 }, MICROSECONDS)).toBe(666_667n);
  });
});
