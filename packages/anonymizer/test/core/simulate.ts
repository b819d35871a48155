import {
  Pipeline,
  PROFILES,
  RawFrame,
  type AnonymizedFrame,
  type Detection,
  type DetectorInfo,
  type FrameBuffer,
  type I420Planes,
  type Look,
  type PipelineMode,
  type Profile,
} from '@drape/anonymizer/core';

export const SIZE = { widthPx: 64, heightPx: 48 };

/** A frame's memory that counts how it is used. `luma` fills the picture. */
export class TestBuffer implements FrameBuffer {
  readonly planes: I420Planes;
  writes = 0;
  closes = 0;

  constructor(luma: number) {
    const { widthPx, heightPx } = SIZE;
    this.planes = {
      ...SIZE,
      y: new Uint8Array(widthPx * heightPx).fill(luma),
      u: new Uint8Array((widthPx * heightPx) / 4).fill(128),
      v: new Uint8Array((widthPx * heightPx) / 4).fill(128),
      strideY: widthPx,
      strideU: widthPx / 2,
      strideV: widthPx / 2,
      fullRange: false,
      matrix: 'bt601',
    };
  }

  read(): I420Planes {
    return this.planes;
  }

  write(): I420Planes {
    this.writes++;
    return this.planes;
  }

  close(): void {
    this.closes++;
  }
}

export function testFrame(
  index: number,
  ptsUs: number,
  options: { luma?: number; intact?: boolean } = {},
): RawFrame<TestBuffer> {
  const info = { index, ptsUs, rotationDeg: 0, intact: options.intact ?? true, ...SIZE } as const;
  return new RawFrame(info, new TestBuffer(options.luma ?? 90));
}

export const FACE: DetectorInfo = {
  id: 'face-test',
  classes: ['face'],
  steps: { low: 0.1, high: 0.5 },
  models: [],
};

/** A profile that requires one face detector, with times that fit 25 frames per second. */
export function faceProfile(): Profile {
  const [base] = PROFILES;
  if (!base) throw new Error('there is no built-in profile');
  const policy = {
    id: FACE.id,
    required: true,
    lookEveryMs: 120,
    busyEveryMs: 80,
    refineToMs: 40,
    limitMs: 400,
  };
  return { ...base, detectors: [policy] };
}

/** What the detector answers for a frame: detections, or a failure. */
export type Answer = readonly Detection[] | 'fails';

export interface Scenario {
  readonly frames: readonly { ptsUs: number; luma: number; answer: Answer; intact?: boolean }[];
  readonly mode: PipelineMode;
  /** How many looks may be open at once, and which open one answers next (0..1 of them). */
  readonly inFlight: number;
  readonly order: readonly number[];
}

export interface Outcome {
  readonly released: AnonymizedFrame<TestBuffer>[];
  readonly pipeline: Pipeline<TestBuffer>;
  /** Times of looks that succeeded. */
  readonly goodUs: number[];
}

/** Runs a file through the pipeline; looks are answered in the order that the scenario says. */
export function runFile(scenario: Scenario): Outcome {
  const pipeline = new Pipeline<TestBuffer>({
    profile: faceProfile(),
    detectors: [FACE],
    style: { kind: 'solid', fill: { r: 0, g: 0, b: 0 } },
    mode: scenario.mode,
  });
  const answers = new Map(scenario.frames.map((frame) => [frame.ptsUs, frame.answer]));
  const open: number[] = [];
  const released: AnonymizedFrame<TestBuffer>[] = [];
  const goodUs: number[] = [];
  let turn = 0;
  const start = (): void => {
    while (open.length < scenario.inFlight) {
      const wanted = pipeline.nextLook(FACE.id);
      if (!wanted) return;
      open.push(wanted.frame.info.ptsUs);
    }
  };
  const answerOne = (): boolean => {
    const share = scenario.order[turn++ % Math.max(1, scenario.order.length)] ?? 0;
    const [ptsUs] = open.splice(Math.min(open.length - 1, Math.floor(share * open.length)), 1);
    if (ptsUs === undefined) return false;
    const answer = answers.get(ptsUs) ?? 'fails';
    if (answer === 'fails') pipeline.settle(FACE.id, ptsUs, { error: new Error('fails') });
    else {
      goodUs.push(ptsUs);
      const look: Look = { detections: answer, saturated: [] };
      pipeline.settle(FACE.id, ptsUs, { look });
    }
    return true;
  };
  scenario.frames.forEach((frame, index) => {
    pipeline.admit(testFrame(index, frame.ptsUs, frame));
    start();
    if (turn % 2 === 0 || pipeline.isFull) answerOne();
    else turn++;
    start();
    while (pipeline.isFull) {
      const before = released.length;
      released.push(...pipeline.release());
      if (released.length > before) break;
      start();
      if (!answerOne()) throw new Error('the pipeline is full and asks for nothing');
    }
    released.push(...pipeline.release());
  });
  pipeline.end();
  do {
    start();
    released.push(...pipeline.release());
  } while (answerOne());
  released.push(...pipeline.release());
  return { released, pipeline, goodUs: goodUs.sort((a, b) => a - b) };
}
