import type { AnonymizedFrame, FrameBuffer, FrameInfo, RawFrame } from '@drape/anonymizer/core';
// The one place in these tests that seals frames without a pipeline: they are about files.
import { sealFrame } from '../../src/core/anonymized-frame.ts';

/** What a pipeline without anything to cover would give for this frame. */
export function sealed<B extends FrameBuffer>(frame: RawFrame<B>): AnonymizedFrame<B> {
  return sealedBuffer(frame.info, frame.take());
}

/** The same for memory that was taken out of its frame already. */
export function sealedBuffer<B extends FrameBuffer>(
  info: FrameInfo,
  buffer: B,
): AnonymizedFrame<B> {
  return sealFrame({ info, plan: { whole: undefined, regions: [] }, buffer });
}
