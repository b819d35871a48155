import type { FrameBuffer, FrameInfo } from './frame.ts';
import type { FramePlan } from './plan.ts';

const seal = Symbol('only the pipeline seals frames');

/**
 * A frame that has been decided and painted. This is the only frame type that a sink takes.
 * `sealFrame` is its only maker, and lint lets nobody but the pipeline import it.
 */
export class AnonymizedFrame<B extends FrameBuffer = FrameBuffer> {
  readonly info: FrameInfo;
  /** What was covered and why. */
  readonly plan: FramePlan;
  /** Painted memory; the sink that takes the frame closes it. */
  readonly buffer: B;
  // A private member makes the type nominal: a look-alike object is not one.
  readonly #sealed = seal;

  constructor(key: symbol, content: { info: FrameInfo; plan: FramePlan; buffer: B }) {
    if (key !== seal) throw new TypeError('only the pipeline makes AnonymizedFrame');
    this.info = content.info;
    this.plan = content.plan;
    this.buffer = content.buffer;
  }

  /** True for frames that the pipeline made; guards boundaries that untyped code can reach. */
  static isSealed(value: unknown): value is AnonymizedFrame {
    return (
      typeof value === 'object' && value !== null && #sealed in value && value.#sealed === seal
    );
  }

  close(): void {
    this.buffer.close();
  }
}

/** Only for pipeline.ts. */
export function sealFrame<B extends FrameBuffer>(content: {
  info: FrameInfo;
  plan: FramePlan;
  buffer: B;
}): AnonymizedFrame<B> {
  return new AnonymizedFrame(seal, content);
}
