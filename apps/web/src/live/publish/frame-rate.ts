import { Pace } from '@drape/anonymizer/browser';
import type { PublisherStats, RoomState } from '@drape/contract';
import type { types } from 'mediasoup-client';
import type { Store } from '../store.ts';

/**
 * Sends half the frames while the server's anonymizer can't decide all of them: it covers whole
 * what is undecided, and half the frames in the open are worth more. Gives a function that ends it.
 */
export function followServerRate(
  state: Store<RoomState | undefined>,
  { epoch, producer }: { readonly epoch: number; readonly producer: types.Producer },
): () => void {
  const pace = new Pace();
  let toldLast: PublisherStats | undefined;
  let fps: number | undefined;
  return state.subscribe(() => {
    const room = state.get();
    const told = room?.publisher;
    if (!told || room.epoch !== epoch) return;
    // The room repeats itself for other reasons than a new second of the pipeline.
    if (told.latencyMs === toldLast?.latencyMs && told.fpsIn === toldLast.fpsIn) return;
    toldLast = told;
    const verdict = pace.second({
      step: told.step,
      fpsAdmitted: told.fpsIn,
      fpsOut: told.fpsOut,
      wholeShare: told.coveredShare >= 1 ? 1 : 0,
      busyShare: 0,
    });
    if (verdict.fps === fps) return;
    fps = verdict.fps;
    void limitRate(producer, fps);
  });
}

async function limitRate(producer: types.Producer, maxFramerate: number): Promise<void> {
  if (producer.closed) return;
  // A browser that can't sends all frames: the server covers what it can't decide.
  await producer.setRtpEncodingParameters({ maxFramerate }).catch(() => undefined);
}
