import {
  DetectorError,
  type Detector,
  type DetectorErrorReason,
  type I420Planes,
  type Look,
  type RotationDeg,
  type Size,
} from '../core/index.ts';
import {
  BLACK,
  blankPlanes,
  drawFace,
  drawFrame,
  drawGradient,
  drawNoise,
  drawTextPattern,
  WHITE,
} from './draw-frame.ts';
import { ContractViolation, lookProblem } from './look-problem.ts';

/** One rule of core/detector.ts; `run` rejects with ContractViolation where it is broken. */
export interface ContractCheck {
  readonly name: string;
  readonly run: () => Promise<void>;
}

const SIZES: readonly Size[] = [
  { widthPx: 16, heightPx: 16 },
  { widthPx: 17, heightPx: 33 },
  { widthPx: 16, heightPx: 1080 },
  { widthPx: 360, heightPx: 640 },
  { widthPx: 1279, heightPx: 719 },
  { widthPx: 8192, heightPx: 8192 },
];

/** The rules of the detector contract, one check each, for the backend that `make` opens. */
export function detectorContract(make: () => Promise<Detector>): readonly ContractCheck[] {
  const withDetector =
    (check: (detector: Detector) => Promise<void>): (() => Promise<void>) =>
    async () => {
      const detector = await make();
      try {
        await check(detector);
      } finally {
        await detector.close();
      }
    };
  const check = (name: string, rule: (detector: Detector) => Promise<void>): ContractCheck => ({
    name,
    run: withDetector(rule),
  });
  return [
    check('describes itself', describesItself),
    check('warms up, more than once', async (detector) => {
      await detector.warmUp();
      await detector.warmUp();
    }),
    check('looks at every size from 16×16 to 8192×8192', async (detector) => {
      for (const size of SIZES) await looksAt(detector, scene(size));
    }),
    check('looks at black, white, noise, every rotation and padded rows', async (detector) => {
      await looksAtNothing(detector);
      await looksAtRotations(detector);
    }),
    check('never changes pixels, and needs none after look() returned', async (detector) => {
      await neverChangesPixels(detector);
      await needsNoPixelsLater(detector);
    }),
    check('answers concurrent looks as it answers single ones', answersConcurrently),
    check('rejects closed frames and aborted looks', async (detector) => {
      await rejectsClosedFrame(detector);
      await rejectsAborted(detector);
    }),
    check('closes twice, rejects what is under way and what comes later', closes),
  ];
}

/** Runs the whole contract, one check after the other. @throws ContractViolation */
export async function checkDetectorContract(make: () => Promise<Detector>): Promise<void> {
  for (const { run } of detectorContract(make)) await run();
}

/** A face and a line of text on a gradient: something for most detectors. */
function scene(size: Size, padding = 0): I420Planes {
  const planes = blankPlanes(size, { padding });
  drawGradient(planes);
  const { widthPx: w, heightPx: h } = size;
  drawFace(planes, { x: w * 0.3, y: h * 0.2, w: w * 0.25, h: h * 0.4 });
  drawTextPattern(planes, { x: w * 0.1, y: h * 0.8, w: w * 0.6, h: h * 0.06 });
  return planes;
}

function describesItself({ info }: Detector): Promise<void> {
  const { id, classes, steps, models } = info;
  require(id.length > 0 && classes.length > 0, 'id or classes are empty');
  require(steps.low > 0 && steps.low <= steps.high && steps.high <= 1, 'steps are out of order');
  require(models.every(({ sha256 }) => /^[0-9a-f]{64}$/.test(sha256)), 'a sha256 is malformed');
  return Promise.resolve();
}

async function looksAt(detector: Detector, planes: I420Planes, rotationDeg: RotationDeg = 0) {
  const frame = drawFrame(planes, { rotationDeg });
  const look = await detector.look(frame);
  const problem = lookProblem(look, detector.info, planes);
  require(problem === undefined, `${planes.widthPx}×${planes.heightPx}: ${problem ?? ''}`);
  frame.close();
}

async function looksAtNothing(detector: Detector): Promise<void> {
  const size = { widthPx: 320, heightPx: 180 };
  await looksAt(detector, blankPlanes(size, { colour: BLACK }));
  await looksAt(detector, blankPlanes(size, { colour: WHITE }));
  const noise = blankPlanes(size);
  drawNoise(noise);
  await looksAt(detector, noise);
}

async function looksAtRotations(detector: Detector): Promise<void> {
  for (const rotationDeg of [0, 90, 180, 270] as const) {
    await looksAt(detector, scene({ widthPx: 320, heightPx: 200 }, 13), rotationDeg);
  }
}

async function neverChangesPixels(detector: Detector): Promise<void> {
  const planes = scene({ widthPx: 321, heightPx: 200 }, 3);
  const before = [planes.y, planes.u, planes.v].map((plane) => plane.slice());
  await detector.look(drawFrame(planes));
  [planes.y, planes.u, planes.v].forEach((plane, index) => {
    const changed = plane.some((value, at) => value !== before[index]?.[at]);
    require(!changed, 'pixels were changed');
  });
}

async function needsNoPixelsLater(detector: Detector): Promise<void> {
  const size = { widthPx: 320, heightPx: 180 };
  const wanted = await detector.look(drawFrame(scene(size)));
  const frame = drawFrame(scene(size));
  const under = detector.look(frame);
  // Closing scribbles over the pixels.
  frame.close();
  same(await under, wanted, 'the frame was closed after look() returned');
}

async function answersConcurrently(detector: Detector): Promise<void> {
  const pictures = [
    scene({ widthPx: 320, heightPx: 180 }),
    blankPlanes({ widthPx: 64, heightPx: 64 }),
    scene({ widthPx: 180, heightPx: 320 }),
    scene({ widthPx: 320, heightPx: 180 }),
  ];
  const single: Look[] = [];
  for (const planes of pictures) single.push(await detector.look(drawFrame(planes)));
  const together = await Promise.all(pictures.map((planes) => detector.look(drawFrame(planes))));
  together.forEach((look, index) => {
    same(look, single[index], `look ${index} among others`);
  });
}

async function rejectsClosedFrame(detector: Detector): Promise<void> {
  const frame = drawFrame(blankPlanes({ widthPx: 64, heightPx: 64 }));
  frame.close();
  const outcome = await settle(() => detector.look(frame));
  require(outcome.error !== undefined, 'a look at a closed frame resolved');
}

async function rejectsAborted(detector: Detector): Promise<void> {
  const frame = drawFrame(scene({ widthPx: 320, heightPx: 180 }));
  const before = new AbortController();
  before.abort();
  await rejects('aborted', () => detector.look(frame, { signal: before.signal }));
  const during = new AbortController();
  const under = settle(() => detector.look(frame, { signal: during.signal }));
  during.abort();
  const outcome = await under;
  require(outcome.look !== undefined ||
    reasonOf(outcome.error) ===
      'aborted', 'an aborted look neither finished nor rejected as aborted');
  await detector.look(frame);
}

async function closes(detector: Detector): Promise<void> {
  const frame = drawFrame(scene({ widthPx: 320, heightPx: 180 }));
  const under = settle(() => detector.look(frame));
  await Promise.all([detector.close(), detector.close()]);
  const outcome = await under;
  require(outcome.look !== undefined ||
    reasonOf(outcome.error) ===
      'closed', 'a look under way at close() neither finished nor rejected as closed');
  await detector.close();
  await rejects('closed', () => detector.look(frame));
  await rejects('closed', () => detector.warmUp());
}

interface Outcome {
  readonly look?: Look;
  readonly error?: unknown;
}

async function settle(act: () => Promise<Look>): Promise<Outcome> {
  try {
    return { look: await act() };
  } catch (error) {
    return { error };
  }
}

async function rejects(reason: DetectorErrorReason, act: () => Promise<unknown>): Promise<void> {
  let caught: unknown;
  try {
    await act();
  } catch (error) {
    caught = error;
  }
  require(reasonOf(caught) === reason, `did not reject with DetectorError ${reason}`, caught);
}

function reasonOf(error: unknown): DetectorErrorReason | undefined {
  return error instanceof DetectorError ? error.reason : undefined;
}

function same(look: Look, wanted: Look | undefined, when: string): void {
  require(JSON.stringify(look) === JSON.stringify(wanted), `another answer: ${when}`);
}

function require(holds: boolean, rule: string, cause?: unknown): void {
  if (!holds) throw new ContractViolation(rule, cause);
}
