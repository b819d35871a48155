import { FEW_CORES } from './few-cores.ts';
import {
  LEISURE_DETECTORS,
  profileNamed,
  type DetectorPolicy,
  type Profile,
} from '@drape/anonymizer/core';

/** What applies to files only. */
const FILES_ONLY = { busyEveryMs: Infinity, refineToMs: Infinity };

/**
 * Faces move, so each frame is decided by a look at it or after it that ends within the hold:
 * cadence and time of a look must fit into it. A look takes about 60 ms on one core.
 */
const FACE_LOOK_MS = 90;
const FACE_EVERY_MS = { least: 66, most: 200 };
/** With two cores looks must leave room to decoding and coding: the hold grows with them. */
const FACE_EVERY_ON_FEW_MS = 160;

/**
 * Burned-in text and codes stand still. Frames between two looks are decided by the one before,
 * where nothing has changed that looks like strokes: see the pipeline's stroke watch.
 */
const STILL = {
  'text-ppocr': { lookEveryMs: 800, freshMs: 1400, changeEveryMs: 300 },
  'code-zxing': { lookEveryMs: 1600, freshMs: 2600, changeEveryMs: 800 },
} as const;
const STILL_ON_FEW = {
  'text-ppocr': { lookEveryMs: 1600, freshMs: 2200, changeEveryMs: 300 },
  'code-zxing': { lookEveryMs: 2600, freshMs: 3600, changeEveryMs: 800, limitMs: 4000 },
} as const;

/**
 * Faces that lie or hang, and heads that show none, in looks of their own. A look decides frames
 * for longer than the hold. With two cores no frame waits for them: after every cut all of it would be covered for a second
 * (docs/adr/0008-faces-that-lie.md). What they see is covered from then on.
 */
const LEISURE_EVERY_MS = { many: 300, few: 800 };
const LEISURE_TAKES_MS = 320;

/**
 * The profile of this name as a live stream in the server runs it: its classes and places, and
 * cadences that fit the hold and the machine's `cores`. @throws ProfileError `unknown-profile`
 */
export function liveProfile(
  name: string,
  options: { readonly holdMs: number; readonly cores: number },
): Profile {
  const profile = profileNamed(name);
  return { ...profile, detectors: profile.detectors.map((policy) => livePolicy(policy, options)) };
}

function livePolicy(
  policy: DetectorPolicy,
  { holdMs, cores }: { readonly holdMs: number; readonly cores: number },
): DetectorPolicy {
  const isFew = cores <= FEW_CORES;
  if (policy.id === 'text-ppocr' || policy.id === 'code-zxing') {
    return { ...policy, ...FILES_ONLY, ...(isFew ? STILL_ON_FEW : STILL)[policy.id] };
  }
  if (LEISURE_DETECTORS.includes(policy.id)) {
    const lookEveryMs = isFew ? LEISURE_EVERY_MS.few : LEISURE_EVERY_MS.many;
    const freshMs = lookEveryMs + LEISURE_TAKES_MS;
    return { ...policy, ...FILES_ONLY, required: !isFew, lookEveryMs, freshMs };
  }
  const { least, most } = FACE_EVERY_MS;
  const fittingMs = Math.max(least, Math.min(most, policy.lookEveryMs, holdMs - FACE_LOOK_MS));
  const lookEveryMs = isFew ? Math.max(FACE_EVERY_ON_FEW_MS, fittingMs) : fittingMs;
  // A look decides no frame after it, not even the next one: a face may come into view with it.
  return { ...policy, ...FILES_ONLY, lookEveryMs, freshMs: 0 };
}
