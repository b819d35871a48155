/** What a row of the tables shows. */
export type Measure =
  | 'clear-faces'
  | 'hard-faces'
  | 'text-boxes'
  | 'exposure'
  | 'painted-mean'
  | 'painted-worst-source'
  | 'or-paint';

export interface Goal {
  readonly measure: Measure;
  /** Names of rows: sets, or sums over all of them. */
  readonly sets: readonly string[];
  readonly atLeast?: number;
  readonly atMost?: number;
  /** A first step on the way, for detectors that are not trained yet. */
  readonly firstAtMost?: number;
  /** Only for this way of holding frames. */
  readonly hold?: 'file' | 'live';
}

const clips = ['demo', 'hamilton', 'asl', 'webcam_head'];
const everything = ['all', 'all, faces alone'];
const turned = ['or_stills_90', 'or_stills_180', 'or_stills_270'];

/** Shares are 0..1, exposure is seconds per hour, or-paint a ratio. */
export const GOALS: readonly Goal[] = [
  { measure: 'clear-faces', sets: ['or_stills'], atLeast: 0.99 },
  { measure: 'clear-faces', sets: turned, atLeast: 0.97 },
  { measure: 'hard-faces', sets: ['or_stills', ...turned], atLeast: 0.9 },
  { measure: 'clear-faces', sets: ['masked_kaggle'], atLeast: 0.99 },
  { measure: 'clear-faces', sets: ['wider_mix', 'wider_mix, easy and medium'], atLeast: 0.96 },
  { measure: 'clear-faces', sets: ['demo'], atLeast: 1 },
  { measure: 'text-boxes', sets: ['demo', 'lx_endoscopy_overlay'], atLeast: 1 },
  { measure: 'text-boxes', sets: ['small_print', 'small_print_in_video'], atLeast: 0.97 },
  { measure: 'text-boxes', sets: ['kvasir_text', 'ultrasound', 'presidio_xray'], atLeast: 0.97 },
  { measure: 'exposure', sets: clips, atMost: 0, hold: 'file' },
  { measure: 'exposure', sets: clips, atMost: 10, hold: 'live' },
  { measure: 'painted-mean', sets: everything, atMost: 0.003, firstAtMost: 0.02 },
  { measure: 'painted-worst-source', sets: everything, atMost: 0.02 },
  { measure: 'or-paint', sets: ['or_stills', 'or_stills_faces_alone'], atMost: 1.4 },
];

export interface Verdict {
  /** Such as `≥ 99 %`. */
  readonly goal: string;
  readonly met: 'yes' | 'first-step' | 'no';
}

/** Rounding of sums must not fail a goal that is met exactly. */
const EPSILON = 1e-9;

export function verdict(
  row: { readonly measure: Measure; readonly set: string; readonly figure: number },
  hold: 'file' | 'live',
  show: (figure: number) => string,
): Verdict | undefined {
  const goal = GOALS.find(
    (one) =>
      one.measure === row.measure && one.sets.includes(row.set) && (one.hold ?? hold) === hold,
  );
  if (!goal) return undefined;
  const { atLeast, atMost, firstAtMost } = goal;
  const within = (limit: number): boolean => row.figure <= limit + EPSILON;
  if (atLeast !== undefined) {
    return { goal: `≥ ${show(atLeast)}`, met: row.figure >= atLeast - EPSILON ? 'yes' : 'no' };
  }
  if (atMost === undefined) return undefined;
  const first = firstAtMost === undefined ? '' : ` (first ≤ ${show(firstAtMost)})`;
  const step = firstAtMost !== undefined && within(firstAtMost) ? 'first-step' : 'no';
  return { goal: `≤ ${show(atMost)}${first}`, met: within(atMost) ? 'yes' : step };
}
