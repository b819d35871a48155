'use client';

import type { PublisherStats } from '@drape/contract';
import { useCallback, useEffect, useRef, useState } from 'react';
import { estimateLatencyMs, smooth, type LatencyParts } from '../../live/watch/latency.ts';
import type { Viewer } from '../../live/watch/viewer.ts';

const EVERY_MS = 1000;

/** `expectedDisplayTime` and `receiveTime` are on the page's own clock (WICG video-rvfc). */
function displayMsOf(facts: VideoFrameCallbackMetadata | undefined): number | undefined {
  if (facts?.receiveTime === undefined) return undefined;
  const displayMs = facts.expectedDisplayTime - facts.receiveTime;
  return displayMs >= 0 && displayMs < 10_000 ? displayMs : undefined;
}

/** Follows the parts of the delay from lens to screen. */
export function useLatency(viewer: Viewer | undefined, publisher: PublisherStats | undefined) {
  const display = useRef<number>(undefined);
  const [measured, setMeasured] = useState<Partial<LatencyParts>>({});
  const tookFrame = useCallback((facts: VideoFrameCallbackMetadata | undefined) => {
    const displayMs = displayMsOf(facts);
    if (displayMs !== undefined) display.current = smooth(display.current, displayMs);
  }, []);
  useEffect(() => {
    if (!viewer) return undefined;
    const look = async () => {
      const roundTripMs = await roundTripOf(viewer);
      setMeasured({
        ...(roundTripMs === undefined ? {} : { roundTripMs }),
        ...(display.current === undefined ? {} : { displayMs: display.current }),
      });
    };
    const timer = setInterval(() => void look(), EVERY_MS);
    return () => {
      clearInterval(timer);
    };
  }, [viewer]);
  const parts: Partial<LatencyParts> = {
    ...measured,
    ...(publisher ? { pipelineMs: publisher.latencyMs } : {}),
  };
  return { tookFrame, parts, totalMs: estimateLatencyMs(parts) };
}

async function roundTripOf(viewer: Viewer): Promise<number | undefined> {
  const { transport } = viewer;
  if (!transport || transport.closed) return undefined;
  const report = await transport.getStats().catch(() => undefined);
  let seconds: number | undefined;
  report?.forEach((entry: { type: string; nominated?: boolean; currentRoundTripTime?: number }) => {
    if (entry.type === 'candidate-pair' && entry.nominated === true)
      seconds = entry.currentRoundTripTime ?? seconds;
  });
  return seconds === undefined ? undefined : seconds * 1000;
}
