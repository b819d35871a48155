import type { Device, types } from 'mediasoup-client';
import type { EpochData } from '../transports/open-transport.ts';

export interface SendVideoOptions {
  readonly device: Device;
  readonly transport: types.Transport;
  readonly track: MediaStreamTrack;
  readonly epoch: number;
  readonly maxBitrateBps: number;
}

/**
 * Sends one video track as one H.264 stream. Private to the two functions that know whose track it
 * may be (publish-edge.ts, publish-raw.ts).
 */
export async function sendVideo(options: SendVideoOptions): Promise<types.Producer> {
  const { device, transport, track, epoch, maxBitrateBps } = options;
  const codec = preferredCodec(device.sendRtpCapabilities.codecs ?? []);
  const producer = await transport.produce({
    track,
    // The camera is the page's: the next epoch uses it again.
    stopTracks: false,
    encodings: [{ maxBitrate: maxBitrateBps, networkPriority: 'high', priority: 'high' }],
    // Without it Chromium begins at 300 kbit/s and the first seconds are mud.
    codecOptions: { videoGoogleStartBitrate: Math.min(2500, Math.round(maxBitrateBps / 1000)) },
    ...(codec ? { codec } : {}),
    appData: { epoch } satisfies EpochData,
  });
  await keepResolution(producer);
  return producer;
}

/** H.264 is the cheapest in Chromium, and hardware does it on most machines; else the first. */
export function preferredCodec(
  codecs: readonly types.RtpCodecCapability[],
): types.RtpCodecCapability | undefined {
  const video = codecs.filter((codec) => codec.kind === 'video' && !/\/rtx$/i.test(codec.mimeType));
  return video.find((codec) => codec.mimeType.toLowerCase() === 'video/h264') ?? video[0];
}

/**
 * In surgery a vessel's edge matters more than the smoothness of motion, and the covers were
 * decided on the full picture: under pressure frames are dropped, never lines.
 */
async function keepResolution(producer: types.Producer): Promise<void> {
  const sender = producer.rtpSender;
  if (!sender) return;
  const parameters = sender.getParameters() as RTCRtpSendParameters & {
    degradationPreference?: string;
  };
  parameters.degradationPreference = 'maintain-resolution';
  // A browser that does not know it says so; its own choice is good enough then.
  await sender.setParameters(parameters).catch(() => undefined);
}
