import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BitrateGuide } from '../../src/rooms/bitrate-guide.ts';

const limits = { leastBps: 300_000, mostBps: 4_000_000 };

describe('BitrateGuide', () => {
  it('leaves a stream that is easy to code alone, though estimates follow it down', () => {
    const guide = new BitrateGuide(limits);
    for (let i = 0; i < 20; i++) expect(guide.step([600_000], 400_000)).toBe(4_000_000);
  });

  it('goes below what a congested path carries, and back up when it is free', () => {
    const guide = new BitrateGuide(limits);
    expect(guide.step([1_000_000], 3_500_000)).toBe(900_000);
    expect(guide.step([1_500_000], 900_000)).toBe(1_035_000);
    let last = 0;
    for (let i = 0; i < 20; i++) last = guide.step([9_000_000], 1_000_000);
    expect(last).toBe(4_000_000);
  });

  it('does not let one viewer in five decide for all', () => {
    const guide = new BitrateGuide(limits);
    expect(guide.step([200_000, 9e6, 9e6, 9e6, 9e6], 3_000_000)).toBe(4_000_000);
    expect(guide.step([200_000, 200_000, 9e6, 9e6, 9e6], 3_000_000)).toBe(300_000);
  });

  it('stays within its limits, whatever is estimated', () => {
    const bps = fc.double({ min: 0, max: 1e9, noNaN: true });
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.array(bps, { maxLength: 8 }), bps)), (steps) => {
        const guide = new BitrateGuide(limits);
        for (const [estimates, sent] of steps) {
          const target = guide.step(estimates, sent);
          expect(target).toBeGreaterThanOrEqual(limits.leastBps);
          expect(target).toBeLessThanOrEqual(limits.mostBps);
        }
      }),
    );
  });
});
