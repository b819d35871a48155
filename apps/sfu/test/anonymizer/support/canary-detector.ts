import { setTimeout as sleep } from 'node:timers/promises';
import {
  DetectorError,
  type Detector,
  type DetectorInfo,
  type Look,
  type RawFrame,
} from '@drape/anonymizer/core';
import { readToken, TOKEN } from '../../../../../packages/anonymizer/test/file/canary.ts';
import { SECRET } from './scene.ts';

export type Fault = 'none' | 'hangs' | 'fails' | 'blind';

/** Looks after which a fault begins. */
const SOUND_LOOKS = 12;

/**
 * Calls the secret a face where it can be read in the picture: what it finds comes from pixels,
 * so a frame that it never saw has no cover. Other ids find nothing. A look takes `lookMs`.
 */
export function canaryDetector(
  id: string,
  options: { readonly lookMs: number; readonly fault?: Fault },
): Detector {
  const { lookMs, fault = 'none' } = options;
  const info: DetectorInfo = {
    id,
    classes: ['face'],
    steps: { low: 0.2, high: 0.5 },
    models: [{ id, sha256: '0'.repeat(64) }],
  };
  const isFace = id.startsWith('face') && fault !== 'blind';
  let looks = 0;
  return {
    info,
    warmUp: () => Promise.resolve(),
    async look(frame: RawFrame): Promise<Look> {
      const seen = isFace && sees(frame);
      looks += 1;
      const isFaulty = isFace && looks > SOUND_LOOKS;
      if (isFaulty && fault === 'hangs') await new Promise<never>(() => undefined);
      await sleep(lookMs);
      if (isFaulty && fault === 'fails') throw new DetectorError(id, 'inference-failed');
      const box = { ...SECRET, ...TOKEN };
      return { detections: seen ? [{ cls: 'face', box, score: 0.95 }] : [], saturated: [] };
    },
    close: () => Promise.resolve(),
  };
}

function sees(frame: RawFrame): boolean {
  const planes = frame.read();
  const fits = planes.widthPx >= SECRET.x + TOKEN.w && planes.heightPx >= SECRET.y + TOKEN.h;
  return fits && readToken(planes, SECRET) !== undefined;
}
