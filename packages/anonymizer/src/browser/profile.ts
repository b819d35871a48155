import { profileNamed, ProfileError, type DetectorPolicy, type Profile } from '../core/index.ts';
import { EdgeError } from './api.ts';

/** Never in live time: those apply to files only. */
const FILES_ONLY = { busyEveryMs: 1000, refineToMs: 1000 };

/** Each frame: it takes a fifth of CenterFace's time and follows faces closely. */
const blaze: DetectorPolicy = {
  id: 'face-blaze',
  required: true,
  // Below the spacing of 30 frames a second, so that jitter skips none.
  lookEveryMs: 25,
  limitMs: 400,
  freshMs: 70,
  ...FILES_ONLY,
};

/**
 * Finds masked, turned and far faces, which BlazeFace misses, and takes 60 to 90 ms: what it finds
 * is carried back over the frames that are still held.
 */
const centerface: DetectorPolicy = {
  id: 'face-centerface',
  required: true,
  lookEveryMs: 200,
  limitMs: 600,
  freshMs: 300,
  ...FILES_ONLY,
};

const text: DetectorPolicy = {
  id: 'text-ppocr',
  required: true,
  lookEveryMs: 800,
  limitMs: 2400,
  freshMs: 1400,
  ...FILES_ONLY,
};

const code: DetectorPolicy = {
  id: 'code-zxing',
  required: true,
  lookEveryMs: 1000,
  limitMs: 3000,
  freshMs: 1600,
  ...FILES_ONLY,
};

const POLICIES = [blaze, centerface, text, code];

/**
 * The profile of this name as the browser runs it: its classes and places, with the browser's
 * detectors and cadences. `freshMs` is the cadence and the time that a look takes: frames between
 * two looks are decided by the one before where the one after comes too late for the hold. A
 * scene cut ends that at once: nothing from before it decides a frame behind it.
 * @throws EdgeError `unknown-profile`
 */
export function edgeProfile(name: string): Profile {
  try {
    const profile = profileNamed(name);
    return { ...profile, detectors: POLICIES };
  } catch (cause) {
    if (cause instanceof ProfileError) throw new EdgeError('unknown-profile', cause.message);
    throw cause;
  }
}
