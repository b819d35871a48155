import { openResidualScan } from '../anonymizer/index.ts';
import type { OpenScan } from '../rooms/index.ts';

/** One process per room that is live. */
export const openScan: OpenScan = async (request, events) => {
  const scan = await openResidualScan(request);
  scan.on('hit', ({ class: seen, score }) => {
    events.onHit({ class: seen, score });
  });
  scan.on('keyframe-wanted', events.onKeyframeWanted);
  scan.on('ended', ({ reason }) => {
    events.onEnded(reason);
  });
  return scan;
};
