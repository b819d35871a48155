import type { LiveRtpCapabilities, LiveRtpParameters } from '@drape/contract';
import type { types } from 'mediasoup';

/** Payload type of H.264 in every router, so that the anonymizer's output can be described first. */
export const H264_PAYLOAD_TYPE = 102;

/**
 * Pictures that both routers carry. H.264 first: it is the cheapest for browsers, and the only thing that the
 * server's anonymizer writes. Constrained baseline, as everyone decodes it.
 */
export const VIDEO_CODECS: types.RouterRtpCodecCapability[] = [
  {
    kind: 'video',
    mimeType: 'video/H264',
    clockRate: 90_000,
    preferredPayloadType: H264_PAYLOAD_TYPE,
    parameters: {
      'packetization-mode': 1,
      'profile-level-id': '42e01f',
      'level-asymmetry-allowed': 1,
    },
  },
  { kind: 'video', mimeType: 'video/VP8', clockRate: 90_000, preferredPayloadType: 104 },
];

/** Room routers alone: sound has nothing to do where pictures are raw. RFC 7587. */
export const ROOM_CODECS: types.RouterRtpCodecCapability[] = [
  ...VIDEO_CODECS,
  {
    kind: 'audio',
    mimeType: 'audio/opus',
    clockRate: 48_000,
    channels: 2,
    preferredPayloadType: 111,
  },
];

const isCaptureTime = ({ uri }: { readonly uri: string }): boolean =>
  uri.endsWith('abs-capture-time');

/**
 * A router's capabilities as clients get them. Without abs-capture-time: where it is negotiated
 * but not sent (Chromium with a fake camera), mediasoup >= 3.25 keeps simulcast on its lowest layer.
 */
export function clientCapabilities(router: types.Router): LiveRtpCapabilities {
  const { codecs = [], headerExtensions = [] } = router.rtpCapabilities;
  return {
    codecs: codecs.map((codec) => ({
      ...codec,
      parameters: codec.parameters as Record<string, string | number | boolean>,
    })),
    headerExtensions: headerExtensions.filter((extension) => !isCaptureTime(extension)),
  };
}

/** Parameters of a client that negotiated the extension all the same. */
export function withoutCaptureTime(parameters: LiveRtpParameters): LiveRtpParameters {
  const { headerExtensions } = parameters;
  if (!headerExtensions) return parameters;
  return { ...parameters, headerExtensions: headerExtensions.filter((x) => !isCaptureTime(x)) };
}
