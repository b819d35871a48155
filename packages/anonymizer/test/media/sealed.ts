import type { AnonymizedFrame, FrameBuffer, RawFrame } from '@drape/anonymizer/core';
// The one place in these tests that seals frames without a pipeline: they are about files.
import { sealFrame } from '../../src/core/anonymized-frame.ts';

/** What a pipeline without anything to cover would give for this frame. */
export function sealed<B extends FrameBuffer>(frame: RawFrame<B>): AnonymizedFrame<B> {
  const plan = { whole: undefined, regions: [] };
  return sealFrame({ info: frame.info, plan, buffer: frame.take() });
}
