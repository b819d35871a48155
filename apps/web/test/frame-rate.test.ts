import type { PublisherStats, RoomState } from '@drape/contract';
import type { types } from 'mediasoup-client';
import { describe, expect, it } from 'vitest';
import { followServerRate } from '../src/live/publish/frame-rate.ts';
import { Cell } from '../src/live/store.ts';

const WELL: PublisherStats = {
  fpsIn: 30,
  fpsOut: 30,
  latencyMs: 250,
  holdMs: 200,
  step: 'none',
  counts: { face: 0, text: 0, code: 0 },
  coveredShare: 0.1,
};
const BEHIND: Partial<PublisherStats> = { step: 'slate', coveredShare: 1 };

function story(epoch: number) {
  const state = new Cell<RoomState | undefined>(undefined);
  const rates: (number | undefined)[] = [];
  const producer = {
    closed: false,
    setRtpEncodingParameters: ({ maxFramerate }: RTCRtpEncodingParameters) => {
      rates.push(maxFramerate);
      return Promise.resolve();
    },
  } as unknown as types.Producer;
  const end = followServerRate(state, { epoch, producer });
  let second = 0;
  const tell = (part: Partial<PublisherStats>, seconds: number, of = epoch): void => {
    for (let at = 0; at < seconds; at += 1) {
      second += 1;
      const publisher = { ...WELL, ...part, latencyMs: 250 + second / 1000 };
      const room = { live: true, mode: 'server' as const, epoch: of, sinceMs: 0, viewers: 1 };
      state.set({ ...room, publisher });
      // The room tells its state for other reasons too.
      state.set({ ...room, viewers: 2, publisher: { ...publisher } });
    }
  };
  return { rates, tell, end };
}

describe('the frame rate that the server gets', () => {
  it('stays while the server keeps up', () => {
    const { rates, tell } = story(3);
    tell({}, 30);
    expect(rates).toEqual([30]);
  });

  it('is halved while the server is behind, and tried again', () => {
    const { rates, tell } = story(3);
    tell(BEHIND, 3);
    tell({ fpsIn: 15, fpsOut: 15 }, 25);
    expect(rates).toEqual([30, 15, 30]);
  });

  it('is not halved for one bad second, nor for what another epoch says', () => {
    const { rates, tell } = story(3);
    tell({}, 2);
    tell(BEHIND, 1);
    tell({}, 2);
    tell(BEHIND, 10, 2);
    expect(rates).toEqual([30]);
  });

  it('is nobody’s any more after the end', () => {
    const { rates, tell, end } = story(3);
    end();
    tell(BEHIND, 10);
    expect(rates).toEqual([]);
  });
});
