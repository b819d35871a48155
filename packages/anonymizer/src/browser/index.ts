export { EdgeError } from './api.ts';
export type {
  AnonymizedTrack,
  EdgeAnonymizer,
  EdgeCarrier,
  EdgeErrorReason,
  EdgeEvents,
  EdgeFailing,
  EdgeOptions,
  EdgeState,
} from './api.ts';
export { Pace } from './frames/pace.ts';
export type { PaceFacts, PaceVerdict } from './frames/pace.ts';
export { openEdge } from './page/open-edge.ts';
export { edgeSupport } from './page/support.ts';
export type { EdgeSupport, EdgeUnsupported } from './page/support.ts';
