import type { AnonymizedTrack } from '@drape/anonymizer/browser';
import type { Device, types } from 'mediasoup-client';
import type { EdgeTransport } from '../transports/purposed.ts';
import { sendVideo } from './send-video.ts';

/** Sends what was anonymized here to viewers: nothing but an AnonymizedTrack passes the compiler. */
export function publishEdge(options: {
  readonly device: Device;
  readonly transport: EdgeTransport;
  readonly track: AnonymizedTrack;
  readonly epoch: number;
  readonly maxBitrateBps: number;
}): Promise<types.Producer> {
  return sendVideo(options);
}
