import type { JudgedBox, JudgedFrame } from '../judge/frame.ts';

export interface BoxCount {
  readonly all: number;
  readonly covered: number;
}

export interface MissedBox extends JudgedBox {
  /** Number of the frame in presentation order; 0 for stills. */
  readonly frame: number;
}

/** What the output of one picture or clip showed. */
export interface UnitResult {
  readonly set: string;
  readonly unit: string;
  readonly source: string;
  readonly kind: 'still' | 'clip';
  readonly clearFaces: BoxCount;
  /** Those of the clear ones that WIDER calls easy or medium; none elsewhere. */
  readonly easyAndMedium: BoxCount;
  readonly hardFaces: BoxCount;
  readonly texts: BoxCount;
  readonly missed: readonly MissedBox[];
  readonly frames: number;
  /** Frames of the source that the output does not have. They expose nothing. */
  readonly missingFrames: number;
  readonly wholeFrames: number;
  /** Mean painted share over the frames of the output, 0..1. */
  readonly paintedShare: number;
  /** Weighted frames with ground truth, and those of them that show what must be covered. */
  readonly judgedFrames: number;
  readonly exposedFrames: number;
  /** Frames that show nothing but endoscopy, and what was painted there. */
  readonly endoscopy: {
    readonly frames: number;
    readonly paintedShare: number;
    readonly wholeFrames: number;
    /** The most painted frame that was not covered whole, 0..1. */
    readonly worstShare: number;
  };
  /** Painted pixels and what grown ground truth would paint, over frames with a face box. */
  readonly paint: { readonly paintedPx: number; readonly grownTruthPx: number };
  /** What the pipeline took, without the judge. Says nothing on a busy machine. */
  readonly pipelineMs: number;
}

/** Adds up judged frames. */
export class Tally {
  #frames = 0;
  #missingFrames = 0;
  #wholeFrames = 0;
  #painted = 0;
  #judged = 0;
  #exposed = 0;
  #paintedPx = 0;
  #grownTruthPx = 0;
  readonly #endoscopy = { frames: 0, painted: 0, wholeFrames: 0, worst: 0 };
  readonly #boxes = {
    clear: { all: 0, covered: 0 },
    hard: { all: 0, covered: 0 },
    text: { all: 0, covered: 0 },
    easyAndMedium: { all: 0, covered: 0 },
  };
  readonly #missed: MissedBox[] = [];

  /** A source frame that the output lacks: not exposed, but judged time all the same. */
  missing(weight: number): void {
    this.#missingFrames++;
    this.#judged += weight;
  }

  add(
    frame: JudgedFrame,
    facts: {
      readonly number: number;
      /** 0 where the frame has no ground truth. */
      readonly weight: number;
      readonly pureEndoscopy: boolean;
      readonly grownTruthPx: number;
    },
  ): void {
    this.#frames++;
    this.#painted += frame.paintedShare;
    if (frame.whole) this.#wholeFrames++;
    this.#judged += facts.weight;
    if (frame.exposed) this.#exposed += facts.weight;
    if (facts.pureEndoscopy) this.#addEndoscopy(frame);
    if (facts.grownTruthPx > 0 && !frame.whole) {
      this.#paintedPx += frame.paintedPx;
      this.#grownTruthPx += facts.grownTruthPx;
    }
    for (const box of frame.boxes) {
      const counts = [this.#boxes[box.kind === 'text' ? 'text' : box.visibility]];
      if (box.easyOrMedium) counts.push(this.#boxes.easyAndMedium);
      for (const count of counts) {
        count.all++;
        if (box.covered) count.covered++;
      }
      if (!box.covered) this.#missed.push({ ...box, frame: facts.number });
    }
  }

  #addEndoscopy(frame: JudgedFrame): void {
    this.#endoscopy.frames++;
    this.#endoscopy.painted += frame.paintedShare;
    if (frame.whole) this.#endoscopy.wholeFrames++;
    else this.#endoscopy.worst = Math.max(this.#endoscopy.worst, frame.paintedShare);
  }

  result(unit: Pick<UnitResult, 'set' | 'unit' | 'source' | 'kind' | 'pipelineMs'>): UnitResult {
    const endoscopy = this.#endoscopy;
    return {
      ...unit,
      clearFaces: this.#boxes.clear,
      easyAndMedium: this.#boxes.easyAndMedium,
      hardFaces: this.#boxes.hard,
      texts: this.#boxes.text,
      missed: this.#missed,
      frames: this.#frames,
      missingFrames: this.#missingFrames,
      wholeFrames: this.#wholeFrames,
      paintedShare: this.#frames > 0 ? this.#painted / this.#frames : 0,
      judgedFrames: this.#judged,
      exposedFrames: this.#exposed,
      endoscopy: {
        frames: endoscopy.frames,
        paintedShare: endoscopy.frames > 0 ? endoscopy.painted / endoscopy.frames : 0,
        wholeFrames: endoscopy.wholeFrames,
        worstShare: endoscopy.worst,
      },
      paint: { paintedPx: this.#paintedPx, grownTruthPx: this.#grownTruthPx },
    };
  }
}
