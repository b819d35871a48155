import {
  FACE_DETECTOR,
  LEISURE_DETECTORS,
  profileNamed,
  ProfileError,
  type AlwaysRegion,
  type DetectorPolicy,
  type Profile,
} from '../core/index.ts';
import { EdgeError } from './api.ts';
import { MANY_CORES } from './cores.ts';

/** Never in live time: those apply to files only. */
const FILES_ONLY = { busyEveryMs: Infinity, refineToMs: Infinity };

/**
 * Milliseconds between two looks, where the machine can: a detector that is busy skips frames.
 * What a second look finds is carried back in time where cadence and look fit into the hold, and
 * boxes on a moving camera stay tight. With two cores the picture is captured, painted, encoded
 * and often watched on them too: looks for faces then take half a core, and the hold grows with
 * what they need. Text and codes are looked for again where strokes change, and now and then.
 */
const CADENCES = {
  few: { blaze: 130, centerface: 200, leisure: undefined, text: 1600, code: 4000 },
  many: { blaze: 25, centerface: 120, leisure: 400, text: 800, code: 1500 },
} as const;

/** Of the server's detectors, those that the browser has too. */
const HAS = [FACE_DETECTOR, ...LEISURE_DETECTORS, 'text-ppocr', 'code-zxing'];

/**
 * What is looked for at leisure: what such a look takes at most, as far as it is planned for.
 * Text and codes stand still; of faces, those that lie or hang, and heads that show none.
 */
const TAKES = { leisure: 500, text: 900, code: 600 } as const;

/**
 * None with few cores: there these looks would take so much from the others that most of the
 * picture is covered whole, and the server's scan looks for turned faces (docs/adr/0008-faces-that-lie.md).
 */
function atLeisure(
  detectors: readonly DetectorPolicy[],
  lookEveryMs: number | undefined,
): Omit<DetectorPolicy, 'required' | 'busyEveryMs' | 'refineToMs'>[] {
  if (lookEveryMs === undefined) return [];
  const freshMs = lookEveryMs + TAKES.leisure;
  return detectors
    .filter(({ id }) => LEISURE_DETECTORS.includes(id))
    .map(({ id, caution = 'balanced' }) => ({
      id,
      caution,
      lookEveryMs,
      freshMs,
      limitMs: 2000,
    }));
}

function policies(
  cadence: (typeof CADENCES)['few' | 'many'],
  { detectors }: Profile,
): DetectorPolicy[] {
  const { caution = 'balanced' } = detectors.find(({ id }) => id === FACE_DETECTOR) ?? {};
  return [
    // Faces move: no look decides a frame after it. Clear faces are covered from their first frame on.
    { id: 'face-blaze', lookEveryMs: cadence.blaze, limitMs: 600 },
    // Finds masked and far faces, which BlazeFace misses: carried back over what is held.
    {
      id: FACE_DETECTOR,
      caution,
      lookEveryMs: cadence.centerface,
      limitMs: 900,
    },
    ...atLeisure(detectors, cadence.leisure),
    {
      id: 'text-ppocr',
      lookEveryMs: cadence.text,
      freshMs: cadence.text + TAKES.text,
      changeEveryMs: 400,
      limitMs: 4000,
    },
    {
      id: 'code-zxing',
      lookEveryMs: cadence.code,
      freshMs: cadence.code + TAKES.code,
      changeEveryMs: 800,
      limitMs: 6000,
    },
  ].map((policy) => ({ ...policy, required: true, ...FILES_ONLY }));
}

/**
 * The profile of this name as the browser runs it: its classes and places, with the browser's
 * detectors and cadences. `freshMs` of text and codes is the cadence and the time that a look
 * takes: frames between two looks are decided by the one before. A scene cut ends that at once:
 * nothing from before it decides a frame behind it.
 * @throws EdgeError `unknown-profile`, also for one that asks for what only the server has
 */
export function edgeProfile(
  name: string,
  { always, cores }: { readonly always: readonly AlwaysRegion[]; readonly cores: number },
): Profile {
  try {
    const profile = profileNamed(name);
    const missing = profile.detectors.filter(({ id, required }) => required && !HAS.includes(id));
    if (missing.length > 0) {
      const names = missing.map(({ id }) => id).join(', ');
      throw new EdgeError('unknown-profile', `"${name}" needs ${names}, which only the server has`);
    }
    const cadence = cores >= MANY_CORES ? CADENCES.many : CADENCES.few;
    return {
      ...profile,
      always: [...profile.always, ...always],
      detectors: policies(cadence, profile),
    };
  } catch (cause) {
    if (cause instanceof ProfileError) throw new EdgeError('unknown-profile', cause.message);
    throw cause;
  }
}
