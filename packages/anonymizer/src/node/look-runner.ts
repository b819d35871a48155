import {
  LookScheduler,
  type Detector,
  type FrameBuffer,
  type LookRunnerOptions,
  type LookWatcher,
  type Pipeline,
} from '@drape/anonymizer/core';
import { after } from './detectors/worker-thread.ts';

/** Core's LookScheduler on Node's timers. */
export class LookRunner<B extends FrameBuffer> extends LookScheduler<B> {
  constructor(
    pipeline: Pipeline<B>,
    detectors: readonly Detector[],
    options: LookRunnerOptions & LookWatcher,
  ) {
    super(pipeline, detectors, { ...options, after });
  }
}
