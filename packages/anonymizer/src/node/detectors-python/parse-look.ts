import {
  clipBox,
  isFiniteBox,
  type Box,
  type Detection,
  type DetectionClass,
  type Look,
  type Size,
} from '@drape/anonymizer/core';
import type { WireValue } from '../worker/messages.ts';

/**
 * Checks a worker's answer once: `{found: [[x, y, w, h, score]…], saturated: [[x, y, w, h]…]}`.
 * Boxes are clipped to the picture; those outside it are dropped. Throws TypeError for anything
 * else: an answer that can't be read is no answer, and never "nothing found".
 */
export function parseLook(value: WireValue, cls: DetectionClass, size: Size): Look {
  if (typeof value !== 'object' || value === null || !('found' in value)) {
    throw new TypeError('a look without a list of what was found');
  }
  const detections = rows(value['found'], 5).flatMap(([x, y, w, h, score]): Detection[] => {
    if (score === undefined || score < 0 || score > 1) throw new TypeError('a score outside 0..1');
    const box = clipBox(boxOf([x, y, w, h]), size);
    return box ? [{ cls, box, score }] : [];
  });
  const saturated = rows(value['saturated'], 4).flatMap((row) => clipBox(boxOf(row), size) ?? []);
  return { detections, saturated };
}

function rows(value: WireValue | undefined, length: number): number[][] {
  if (!Array.isArray(value)) throw new TypeError('what was found is no list');
  return (value as readonly WireValue[]).map((row) => {
    if (!Array.isArray(row) || row.length !== length || !row.every(Number.isFinite)) {
      throw new TypeError('what was found is not made of boxes');
    }
    return row as number[];
  });
}

function boxOf([x, y, w, h]: readonly (number | undefined)[]): Box {
  const box = { x: x ?? NaN, y: y ?? NaN, w: w ?? NaN, h: h ?? NaN };
  if (!isFiniteBox(box)) throw new TypeError('a box without a size');
  return box;
}
