import { EdgeError, type AnonymizedTrack, type EdgeAnonymizer, type EdgeOptions } from '../api.ts';
import { EdgeSession } from './edge-session.ts';
import { openCanvasCarrier } from './canvas-carrier.ts';
import { startFrames } from './frames-worker.ts';
import { edgeSupport } from './support.ts';
import { openTrackCarrier } from './track-carrier.ts';

/**
 * Anonymizes a track in the browser. Resolves once all detectors are warm: before that not one
 * frame is read, and none leaves. Rejects with EdgeError.
 */
export async function openEdge(options: EdgeOptions): Promise<EdgeAnonymizer> {
  const { track, signal } = options;
  const support = edgeSupport();
  if (!support.ok) throw new EdgeError('unsupported', support.reason);
  if (track.kind !== 'video')
    throw new EdgeError('unsupported', 'only video tracks can be painted');
  if (signal?.aborted) throw new EdgeError('aborted', 'given up before it began');
  const carrier = options.carrier ?? support.carrier;
  const frames = await startFrames(options);
  try {
    const { models } = frames;
    const opened =
      carrier === 'track-processor'
        ? openTrackCarrier(track, frames)
        : await openCanvasCarrier(track, frames);
    // The carrier's only writer is the frames' worker, whose sinks take anonymized frames only.
    const out = opened.track as AnonymizedTrack;
    return new EdgeSession({ source: track, out, carrier, models, frames, ...opened });
  } catch (error) {
    frames.terminate();
    throw error;
  }
}
