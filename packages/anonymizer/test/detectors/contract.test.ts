import { describe, it } from 'vitest';
import { DETECTOR_IDS, openDetectors } from '@drape/anonymizer/node';
import { detectorContract, fakeDetector } from '@drape/anonymizer/testing';
import type { Detector } from '@drape/anonymizer/core';

async function openOne(id: string): Promise<Detector> {
  const [detector] = await openDetectors([id], { threads: 1 });
  if (!detector) throw new Error(`openDetectors gave nothing for ${id}`);
  return detector;
}

for (const id of DETECTOR_IDS) {
  describe(`the detector contract: ${id}`, () => {
    for (const { name, run } of detectorContract(() => openOne(id))) it(name, run);
  });
}

describe('the detector contract: fakeDetector()', () => {
  for (const { name, run } of detectorContract(() => Promise.resolve(fakeDetector())))
    it(name, run);
});
