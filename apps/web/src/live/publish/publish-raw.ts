import type { Device, types } from 'mediasoup-client';
import type { RawTransport } from '../transports/purposed.ts';
import { sendVideo } from './send-video.ts';

/**
 * The only way out for what the camera sees: a transport that the server made on the ingest
 * router, whose only consumer is the anonymizer.
 */
export function publishRaw(options: {
  readonly device: Device;
  readonly transport: RawTransport;
  readonly rawTrack: MediaStreamTrack;
  readonly epoch: number;
  readonly maxBitrateBps: number;
}): Promise<types.Producer> {
  const { rawTrack, ...rest } = options;
  return sendVideo({ ...rest, track: rawTrack });
}
