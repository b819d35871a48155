import { describe, it } from 'vitest';
import { DETECTOR_IDS } from '@drape/anonymizer/node';
import { detectorContract, fakeDetector } from '@drape/anonymizer/testing';
import { openOne } from './open-one.ts';

for (const id of DETECTOR_IDS) {
  describe(`the detector contract: ${id}`, () => {
    for (const { name, run } of detectorContract(() => openOne(id))) it(name, run);
  });
}

describe('the detector contract: fakeDetector()', () => {
  for (const { name, run } of detectorContract(() => Promise.resolve(fakeDetector())))
    it(name, run);
});
