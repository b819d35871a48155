import { LiveCarrier, type FrameBuffer, type LiveCarrierOptions } from '@drape/anonymizer/core';
import { after } from '../detectors/worker-thread.ts';

const LOOK_DEADLINE_MS = 2000;
const clock = { nowMs: () => performance.now(), after };

export type LiveAnonymizerOptions<B extends FrameBuffer> = Omit<
  LiveCarrierOptions<B>,
  'clock' | 'lookDeadlineMs'
>;

/** Core's LiveCarrier on Node's timers. Times are those of `performance.now()`. */
export class LiveAnonymizer<B extends FrameBuffer> extends LiveCarrier<B> {
  /** Throws ProfileError `missing-detector`. */
  constructor(options: LiveAnonymizerOptions<B>) {
    super({ ...options, clock, lookDeadlineMs: LOOK_DEADLINE_MS });
  }
}
