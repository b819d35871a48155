import * as z from 'zod';

/**
 * Parameters of mediasoup and WebRTC as far as this product uses them, with a bound on every list
 * and string. mediasoup checks their meaning; unknown members are dropped here.
 */
const short = z.string().max(200);
const u32 = z.int().min(0).max(0xffff_ffff);
const codecParameters = z.record(z.string().max(50), z.union([short, z.number(), z.boolean()]));

export const mediaKindSchema = z.enum(['audio', 'video']);
export type LiveMediaKind = z.infer<typeof mediaKindSchema>;

const rtcpFeedback = z.object({ type: short, parameter: z.exactOptional(short) });

/** The header extensions that mediasoup knows. */
const extensionUri = z.enum([
  'urn:ietf:params:rtp-hdrext:sdes:mid',
  'urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id',
  'urn:ietf:params:rtp-hdrext:sdes:repaired-rtp-stream-id',
  'http://www.webrtc.org/experiments/rtp-hdrext/abs-send-time',
  'http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01',
  'urn:ietf:params:rtp-hdrext:ssrc-audio-level',
  'https://aomediacodec.github.io/av1-rtp-spec/#dependency-descriptor-rtp-header-extension',
  'urn:3gpp:video-orientation',
  'http://www.webrtc.org/experiments/rtp-hdrext/abs-capture-time',
  'urn:ietf:params:rtp-hdrext:toffset',
  'http://www.webrtc.org/experiments/rtp-hdrext/playout-delay',
  'urn:mediasoup:params:rtp-hdrext:packet-id',
]);

const codec = z.object({
  mimeType: short,
  payloadType: z.int().min(0).max(127),
  clockRate: u32,
  channels: z.exactOptional(z.int().min(1).max(8)),
  parameters: z.exactOptional(codecParameters),
  rtcpFeedback: z.exactOptional(z.array(rtcpFeedback).max(20)),
});

const encoding = z.object({
  ssrc: z.exactOptional(u32),
  rid: z.exactOptional(short),
  codecPayloadType: z.exactOptional(z.int().min(0).max(127)),
  rtx: z.exactOptional(z.object({ ssrc: u32 })),
  dtx: z.exactOptional(z.boolean()),
  scalabilityMode: z.exactOptional(short),
  maxBitrate: z.exactOptional(z.number().nonnegative()),
});

export const rtpParametersSchema = z.object({
  mid: z.exactOptional(short),
  codecs: z.array(codec).min(1).max(16),
  headerExtensions: z.exactOptional(
    z
      .array(
        z.object({
          uri: extensionUri,
          id: z.int().min(1).max(255),
          encrypt: z.exactOptional(z.boolean()),
          parameters: z.exactOptional(codecParameters),
        }),
      )
      .max(20),
  ),
  encodings: z.exactOptional(z.array(encoding).max(4)),
  rtcp: z.exactOptional(
    z.object({ cname: z.exactOptional(short), reducedSize: z.exactOptional(z.boolean()) }),
  ),
  msid: z.exactOptional(short),
});
export type LiveRtpParameters = z.infer<typeof rtpParametersSchema>;

export const rtpCapabilitiesSchema = z.object({
  codecs: z.exactOptional(
    z
      .array(
        z.object({
          kind: mediaKindSchema,
          mimeType: short,
          preferredPayloadType: z.int().min(0).max(127),
          clockRate: u32,
          channels: z.exactOptional(z.int().min(1).max(8)),
          parameters: z.exactOptional(codecParameters),
          rtcpFeedback: z.exactOptional(z.array(rtcpFeedback).max(20)),
        }),
      )
      .max(64),
  ),
  headerExtensions: z.exactOptional(
    z
      .array(
        z.object({
          kind: mediaKindSchema,
          uri: extensionUri,
          preferredId: z.int().min(1).max(255),
          preferredEncrypt: z.exactOptional(z.boolean()),
          direction: z.exactOptional(z.enum(['sendrecv', 'sendonly', 'recvonly', 'inactive'])),
        }),
      )
      .max(40),
  ),
});
export type LiveRtpCapabilities = z.infer<typeof rtpCapabilitiesSchema>;

export const dtlsParametersSchema = z.object({
  role: z.exactOptional(z.enum(['auto', 'client', 'server'])),
  fingerprints: z
    .array(
      z.object({
        algorithm: z.enum(['sha-1', 'sha-224', 'sha-256', 'sha-384', 'sha-512']),
        // SHA-1 to SHA-512 as SDP writes them (RFC 8122 section 5).
        value: z.string().regex(/^[0-9A-Fa-f]{2}(:[0-9A-Fa-f]{2}){19,63}$/),
      }),
    )
    .min(1)
    .max(8),
});
export type LiveDtlsParameters = z.infer<typeof dtlsParametersSchema>;

export const iceParametersSchema = z.object({
  usernameFragment: short,
  password: short,
  iceLite: z.exactOptional(z.boolean()),
});
export type LiveIceParameters = z.infer<typeof iceParametersSchema>;

export const iceCandidateSchema = z.object({
  foundation: short,
  priority: u32,
  ip: short,
  address: short,
  protocol: z.enum(['udp', 'tcp']),
  port: z.int().min(1).max(65535),
  type: z.literal('host'),
  tcpType: z.exactOptional(z.literal('passive')),
});
export type LiveIceCandidate = z.infer<typeof iceCandidateSchema>;
