import { Registry } from 'prom-client';
import { expect, test } from 'vitest';
import type { StreamState } from '../../src/anonymizer/index.ts';
import { streamMetrics } from '../../src/wiring/stream-metrics.ts';

function second(framesOut: number, addedMs: readonly number[], wholeFrames = 0): StreamState {
  return {
    fpsIn: 30,
    fpsOut: 30,
    latencyMs: 230,
    holdMs: 200,
    step: 'none',
    counts: { face: 0, text: 0, code: 0 },
    coveredShare: 0,
    addedMs: [...addedMs],
    wholeFrames,
    totals: {
      packetsIn: 0,
      packetsLost: 1,
      packetsForeign: 0,
      framesIn: framesOut,
      framesOut,
      dropped: 0,
      keyframesOut: 1,
    },
  };
}

test('counts over streams, each of which starts at nothing', async () => {
  const registry = new Registry();
  const observe = streamMetrics(registry);
  const first = observe();
  first(second(30, [5, 15, 25]));
  first(second(60, [15], 4));
  const another = observe();
  another(second(10, [2000]));

  const said = await registry.metrics();
  expect(said).toContain('drape_stream_frames_out_total 70');
  expect(said).toContain('drape_stream_frames_covered_whole_total 4');
  expect(said).toContain('drape_stream_packets_lost_total 2');
  expect(said).toContain('drape_stream_added_latency_seconds_bucket{le="0.02"} 3');
  expect(said).toContain('drape_stream_added_latency_seconds_count 5');
  expect(said).toContain('drape_stream_hold_seconds_bucket{le="0.2"} 3');
});
