import {
  profileNamed,
  VIEW_DETECTOR,
  type Detector,
  type MeasuredView,
  type RawFrame,
  type ViewSample,
} from '@drape/anonymizer/core';
import { openVideoSource } from '../media/index.ts';

/** What the profile that asks for the view does with it. */
const STRICT = profileNamed('endoscope-strict');
const LOOK_EVERY_MS =
  STRICT.detectors.find((policy) => policy.id === VIEW_DETECTOR)?.lookEveryMs ?? 0;
/** How far an unsure look covers, before and after it, in milliseconds. */
export const VIEW_CARRY_MS = STRICT.classes.outside.carryOnMs;

export interface MeasureViewHooks {
  readonly signal?: AbortSignal;
  /** Media time that was looked at, of `durationUs` where the container says it. */
  readonly onProgress?: (doneUs: number, durationUs: number | undefined) => void;
}

/**
 * Looks at a recording as the profile `endoscope-strict` does and gives what the gate says of
 * each look. `detector` is an open `view-gate`. Frames that are damaged are left out.
 * @throws MediaError, DetectorError
 */
export async function measureView(
  path: string,
  detector: Detector,
  hooks: MeasureViewHooks = {},
): Promise<MeasuredView> {
  const { signal, onProgress } = hooks;
  const samples: ViewSample[] = [];
  let firstUs: number | undefined;
  let lastUs = 0;
  let frameUs = 0;
  await using source = await openVideoSource(path, signal ? { signal } : {});
  for await (const frame of source.frames()) {
    const { ptsUs, intact } = frame.info;
    if (firstUs === undefined) firstUs = ptsUs;
    else frameUs = ptsUs - lastUs;
    lastUs = ptsUs;
    const sinceUs = ptsUs - (samples.at(-1)?.ptsUs ?? -Infinity);
    const isDue = intact && sinceUs >= LOOK_EVERY_MS * 1000;
    if (!isDue) frame.close();
    else samples.push({ ptsUs, inside: await insideOf(frame, detector) });
    if (isDue) onProgress?.(ptsUs - firstUs, source.info.durationUs);
  }
  return { samples, durationUs: lastUs - (firstUs ?? 0) + frameUs };
}

async function insideOf(frame: RawFrame, detector: Detector): Promise<number> {
  try {
    const { detections } = await detector.look(frame);
    return 1 - Math.max(0, ...detections.map(({ score }) => score));
  } finally {
    frame.close();
  }
}
