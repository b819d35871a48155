import { describe, it } from 'vitest';
import { openAnyDetectors, PYTHON_DETECTOR_IDS } from '@drape/anonymizer/node';
import { detectorContract } from '@drape/anonymizer/testing';
import type { Detector } from '@drape/anonymizer/core';
import { withoutPython } from '../fixtures.ts';

async function openOne(id: string): Promise<Detector> {
  const [detector] = await openAnyDetectors([id], { threads: 1 });
  if (!detector) throw new Error(`openAnyDetectors gave nothing for ${id}`);
  return detector;
}

for (const id of PYTHON_DETECTOR_IDS) {
  describe.skipIf(withoutPython)(`the detector contract: ${id}`, () => {
    for (const { name, run } of detectorContract(() => openOne(id))) it(name, run);
  });
}
