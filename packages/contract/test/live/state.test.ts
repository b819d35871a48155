import { expect, test } from 'vitest';
import { holdMsSchema, publisherStatsSchema } from '@drape/contract';

const stats = {
  fpsIn: 30,
  fpsOut: 30,
  latencyMs: 250,
  holdMs: 200,
  step: 'none',
  counts: { face: 0, text: 0, code: 0 },
  coveredShare: 0,
};

test('the longest hold that may be asked for can still grow, and be told', () => {
  expect(holdMsSchema.safeParse(2000).success).toBe(true);
  expect(holdMsSchema.safeParse(2001).success).toBe(false);
  expect(publisherStatsSchema.safeParse({ ...stats, holdMs: 2400 }).success).toBe(true);
  expect(publisherStatsSchema.safeParse({ ...stats, holdMs: -1 }).success).toBe(false);
});
