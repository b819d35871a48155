import { expect, it } from 'vitest';
import { matchByTime } from '../src/judge/match.ts';

async function* times(...ptsUs: number[]): AsyncGenerator<{ ptsUs: number }> {
  for (const one of ptsUs) yield await Promise.resolve({ ptsUs: one });
}

async function match(sources: number[], outputs: number[]): Promise<(number | undefined)[]> {
  const matched: (number | undefined)[] = [];
  for await (const pair of matchByTime(times(...sources), times(...outputs))) {
    matched.push(pair.output?.ptsUs);
  }
  return matched;
}

it('pairs frames whose containers round time differently', async () => {
  expect(await match([0, 33367, 66733], [0, 33000, 67000])).toEqual([0, 33000, 67000]);
});

it('reports frames that the output lacks, at the start, inside and at the end', async () => {
  const sources = [0, 40000, 80000, 120000];
  expect(await match(sources, [40000, 120000])).toEqual([undefined, 40000, undefined, 120000]);
  expect(await match(sources, [0])).toEqual([0, undefined, undefined, undefined]);
});

it.each([
  { name: 'between', outputs: [0, 20000, 40000] },
  { name: 'before', outputs: [-40000, 0, 40000] },
  { name: 'behind', outputs: [0, 40000, 80000] },
])('refuses an output frame that lies $name those of the source', async ({ outputs }) => {
  await expect(match([0, 40000], outputs)).rejects.toMatchObject({ reason: 'extra-frames' });
});
