import { DETECTION_CLASSES, type DetectionClass, type ScoreSteps } from './detector.ts';
import { HEAD_DETECTOR, PERSON_DETECTOR } from './engine/box-engine.ts';
import { TURNED_DETECTOR } from './engine/face-engine.ts';
import { LEAST_INSIDE, VIEW_DETECTOR } from './engine/view-engine.ts';

/** What is looked for beside faces, less often: faces that lie or hang, heads that show none. */
export const LEISURE_DETECTORS: readonly string[] = [TURNED_DETECTOR, HEAD_DETECTOR];

/** When one detector must look. Times in milliseconds of media time. */
export interface DetectorPolicy {
  /** `DetectorInfo.id`. */
  readonly id: string;
  /** A stream does not start without it, and a frame that it has not decided is covered whole. */
  readonly required: boolean;
  /** Longest time between two looks within one scene. */
  readonly lookEveryMs: number;
  /** Files: longest time between two looks that found something which does not stand still. */
  readonly busyEveryMs: number;
  /** Files: between two looks between which something jumped it looks again, down to this. */
  readonly refineToMs: number;
  /**
   * Files: the first look at a new scene may come when the cadence says, not at its first frame.
   * Only where `carryBackMs` of its classes is 100 ms or more above `lookEveryMs`. False where
   * left out.
   */
  readonly waitsAfterCuts?: boolean;
  /**
   * A look decides the frames up to this long before it. Looks that fail leave a gap; frames
   * whose next good look is farther away are covered whole.
   */
  readonly limitMs: number;
  /**
   * Live: a look that was at most this long before a frame decides it too. Left out, it is what
   * the cadence is longer than the hold.
   */
  readonly freshMs?: number;
  /**
   * Live: where strokes come up and stand still (burned-in text), it looks again at once, at most
   * this often, and no look from before them decides what follows. Left out, it keeps its cadence.
   */
  readonly changeEveryMs?: number;
  /** The first look at a scene is the usual one and the one for small print at once; then they take turns (LookEffort). */
  readonly smallPrint?: true;
  /**
   * From which of the detector's steps a single sighting starts a track. `cautious`: from the low
   * one, which finds more and paints more. `balanced` where left out: from the high one.
   */
  readonly caution?: 'balanced' | 'cautious';
  /** A score, 0..1, instead of both of the detector's steps: what a site measured on its own feed. */
  readonly startsAt?: number;
}

/** The scores that count in a profile: the detector's own, but where its policy shifts them. */
export function stepsFor(steps: ScoreSteps, { caution, startsAt }: DetectorPolicy): ScoreSteps {
  if (startsAt !== undefined) return { low: startsAt, high: startsAt };
  return caution === 'cautious' ? { low: steps.low, high: steps.low } : steps;
}

/** How tracks of one class become covers. */
export interface ClassPolicy {
  /** Share of the box added on every side: detectors draw the inner face only. */
  readonly growShare: number;
  /** Least growth on every side, in pixels. */
  readonly growMinPx: number;
  /** How long before its first sighting a track is covered. */
  readonly carryBackMs: number;
  /** How long after its last sighting a track is covered, and how long it may be lost. */
  readonly carryOnMs: number;
  /** Least overlap (IoU) of a sighting with the predicted box to be the same track. */
  readonly matchIou: number;
  /**
   * Score from which one sighting proves a track; between the detector's high step and this it
   * takes two. 0 where one always does.
   */
  readonly singleLookScore: number;
  /**
   * Sightings from which a track is certain, where its score alone proves it: until then it is carried half as far.
   * 1 where left out.
   */
  readonly certainAfter?: number;
  /**
   * Burned-in text that is seen on both sides of a scene cut was there in between; a face was not.
   * Nothing is carried over a cut without a sighting behind it.
   */
  readonly survivesCuts: boolean;
}

/** A place that is always covered, as shares (0..1) of the upright picture's width and height. */
export interface AlwaysRegion {
  readonly name: string;
  readonly x: number;
  readonly y: number;
  readonly w: number;
  readonly h: number;
}

export interface Profile {
  readonly name: string;
  /** One sentence for people. */
  readonly title: string;
  readonly detectors: readonly DetectorPolicy[];
  readonly classes: Readonly<Record<DetectionClass, ClassPolicy>>;
  readonly always: readonly AlwaysRegion[];
}

const person: ClassPolicy = {
  growShare: 0.3,
  growMinPx: 3,
  carryBackMs: 400,
  carryOnMs: 500,
  matchIou: 0.15,
  singleLookScore: 0.8,
  survivesCuts: false,
};

const burnedIn: ClassPolicy = {
  growShare: 0.04,
  growMinPx: 4,
  // Small print is seen by every other look; what one look takes for a line on tissue, by no other.
  carryBackMs: 2100,
  carryOnMs: 2100,
  certainAfter: 2,
  matchIou: 0.3,
  singleLookScore: 0,
  survivesCuts: true,
};

const classes: Profile['classes'] = {
  face: person,
  head: { ...person, growShare: 0.12, singleLookScore: 0.5 },
  // Its detector says little by its score: most persons of a room are at .2 to .6.
  person: { ...person, growShare: 0.1, singleLookScore: 0 },
  text: burnedIn,
  code: { ...burnedIn, growShare: 0.1, carryBackMs: 1200, carryOnMs: 1500, certainAfter: 1 },
  screen: { ...burnedIn, growShare: 0.05 },
  // Between a look that is sure and one that is not, nothing is sure.
  outside: {
    growShare: 0,
    growMinPx: 0,
    carryBackMs: 400,
    carryOnMs: 400,
    matchIou: 0.15,
    singleLookScore: 0,
    survivesCuts: false,
  },
};

const face: DetectorPolicy = {
  id: 'face-centerface',
  required: true,
  lookEveryMs: 200,
  busyEveryMs: 110,
  refineToMs: 40,
  limitMs: 600,
};
/** Whoever lies on the table is turned to the camera: beside `face`, which misses a third of those. */
const turned: DetectorPolicy = {
  id: TURNED_DETECTOR,
  required: true,
  lookEveryMs: 400,
  busyEveryMs: 200,
  refineToMs: 100,
  limitMs: 1200,
};
/** A bent head under a cap shows no face, nor does one from behind. */
const head: DetectorPolicy = {
  ...turned,
  id: HEAD_DETECTOR,
  lookEveryMs: 300,
  caution: 'cautious',
};
/** As often as `face`: a person walks into a picture back first. */
const wholePerson: DetectorPolicy = { ...face, id: PERSON_DETECTOR, caution: 'cautious' };
const standsStill: Omit<DetectorPolicy, 'id'> = {
  required: true,
  lookEveryMs: 1000,
  busyEveryMs: 1000,
  refineToMs: 240,
  limitMs: 3000,
};
const text: DetectorPolicy = {
  ...standsStill,
  id: 'text-ppocr',
  waitsAfterCuts: true,
  smallPrint: true,
};
const code: DetectorPolicy = {
  id: 'code-zxing',
  required: true,
  lookEveryMs: 1000,
  busyEveryMs: 1000,
  refineToMs: 500,
  waitsAfterCuts: true,
  limitMs: 3000,
};
const view: DetectorPolicy = {
  id: VIEW_DETECTOR,
  required: true,
  lookEveryMs: 160,
  busyEveryMs: 160,
  refineToMs: 160,
  // Where a look fails, what it should have seen is covered.
  limitMs: 240,
};

export const PROFILES: readonly Profile[] = [
  {
    name: 'mixed',
    title: 'Endoscope and room in one recording: faces, burned-in text and codes, every scene.',
    detectors: [face, turned, text, code],
    classes,
    always: [],
  },
  {
    name: 'or-camera',
    title:
      'A camera in the room: faces looked for most often, heads from every side, text and codes.',
    detectors: [{ ...face, lookEveryMs: 134, caution: 'cautious' }, turned, head, text, code],
    // The whole head: in a room hair, a cap's colour and the name on it tell who it is.
    classes: { ...classes, face: { ...person, growShare: 0.5 } },
    always: [],
  },
  {
    name: 'or-camera-strict',
    title: 'A camera in the room; persons are covered whole, from whichever side they are seen.',
    detectors: [
      { ...face, lookEveryMs: 134, caution: 'cautious' },
      turned,
      head,
      wholePerson,
      text,
      code,
    ],
    classes: { ...classes, face: { ...person, growShare: 0.5 } },
    always: [],
  },
  {
    name: 'endoscope',
    title: 'An endoscope with burned-in patient data: text often, faces whenever it is pulled out.',
    detectors: [face, turned, { ...text, lookEveryMs: 500, busyEveryMs: 500 }, code],
    classes,
    always: [],
  },
  {
    name: 'endoscope-strict',
    title: 'An endoscope; whatever is not surely inside the body is covered whole.',
    detectors: [view, face, turned, { ...text, lookEveryMs: 500, busyEveryMs: 500 }, code],
    classes,
    always: [],
  },
];

export type ProfileErrorReason =
  /** No profile has this name. */
  | 'unknown-profile'
  /** The profile requires a detector that is not installed. */
  | 'missing-detector';

export class ProfileError extends Error {
  override readonly name = 'ProfileError';
  readonly reason: ProfileErrorReason;

  constructor(reason: ProfileErrorReason, message: string) {
    super(message);
    this.reason = reason;
  }
}

/** Finds a built-in profile; throws ProfileError `unknown-profile` with the names there are. */
export function profileNamed(name: string): Profile {
  const profile = PROFILES.find((candidate) => candidate.name === name);
  if (profile) return profile;
  const names = PROFILES.map((candidate) => candidate.name).join(', ');
  throw new ProfileError('unknown-profile', `no profile is called "${name}"; there are: ${names}`);
}

/** The detector's policy in a profile, or one like that of burned-in text for an added detector. */
export function withDetector(profile: Profile, id: string): Profile {
  if (profile.detectors.some((policy) => policy.id === id)) return profile;
  const added: DetectorPolicy = { ...standsStill, id };
  return { ...profile, detectors: [...profile.detectors, added] };
}

/**
 * The profile with a site's own measure of what is surely inside the body, 0..1; as it is where
 * the profile does not ask for it. @throws RangeError below what lets no picture of ours pass
 */
export function withInsideFrom(profile: Profile, insideFrom: number | undefined): Profile {
  if (insideFrom === undefined) return profile;
  if (!(insideFrom >= LEAST_INSIDE && insideFrom <= 1)) {
    throw new RangeError(`insideFrom is ${insideFrom}, not from ${LEAST_INSIDE} to 1`);
  }
  const startsAt = 1 - insideFrom;
  const detectors = profile.detectors.map((policy) =>
    policy.id === VIEW_DETECTOR ? { ...policy, startsAt } : policy,
  );
  return { ...profile, detectors };
}

/** Of a face's growth, what is there because faces move between two looks. */
const FACE_MOVES_SHARE = 0.08;

/**
 * The profile for a single picture: there is no second look, so the first one counts. It is looked
 * at in four turns for that, and needs no detector of its own for turned faces. Nothing moves.
 */
export function forStill(profile: Profile): Profile {
  const classes = { ...profile.classes };
  for (const cls of DETECTION_CLASSES) classes[cls] = { ...classes[cls], singleLookScore: 0 };
  const growShare = classes.face.growShare - FACE_MOVES_SHARE;
  classes.face = { ...classes.face, growShare };
  const detectors = profile.detectors.filter(({ id }) => id !== TURNED_DETECTOR);
  return { ...profile, classes, detectors };
}
