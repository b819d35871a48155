import * as z from 'zod';
import { publicKeySchema, signatureSchema, statementSchema } from './attestation.ts';
import {
  dtlsParametersSchema,
  iceCandidateSchema,
  iceParametersSchema,
  mediaKindSchema,
  rtpCapabilitiesSchema,
  rtpParametersSchema,
} from './media.ts';
import {
  epochSchema,
  handleSchema,
  holdMsSchema,
  profileNameSchema,
  publishModeSchema,
  roleSchema,
  roomIdSchema,
  styleSchema,
} from './names.ts';
import { publisherStatsSchema, roomStateSchema } from './state.ts';
import { LIVE_TIMELINE_BATCH, liveTimelineEventSchema } from './timeline.ts';

const nothing = z.object({});

export const transportPurposeSchema = z.enum([
  'publish-edge',
  'publish-raw',
  'publish-sound',
  'watch',
]);
export type TransportPurpose = z.infer<typeof transportPurposeSchema>;

/** Client to server. Every one is acked with `Reply<…>`: `{ok: true, …}` or `{ok: false, error}`. */
export const REQUESTS = {
  'room:join': {
    request: nothing,
    reply: z.object({
      room: z.object({ id: roomIdSchema, title: z.string() }),
      role: roleSchema,
      state: roomStateSchema,
      /** For `publish-edge` and `watch` transports. */
      roomCapabilities: rtpCapabilitiesSchema,
      /** For `publish-raw` transports; publishers only. */
      ingestCapabilities: z.exactOptional(rtpCapabilitiesSchema),
    }),
  },
  'transport:create': {
    request: z.object({ purpose: transportPurposeSchema }),
    reply: z.object({
      id: handleSchema,
      iceParameters: iceParametersSchema,
      iceCandidates: z.array(iceCandidateSchema),
      dtlsParameters: dtlsParametersSchema,
    }),
  },
  'transport:connect': {
    request: z.object({ transportId: handleSchema, dtlsParameters: dtlsParametersSchema }),
    reply: nothing,
  },
  'transport:restart-ice': {
    request: z.object({ transportId: handleSchema }),
    reply: z.object({ iceParameters: iceParametersSchema }),
  },
  /** Opens an epoch. One that is live goes on until the new one is attested. */
  'publish:start': {
    request: z.object({
      mode: publishModeSchema,
      profile: profileNameSchema,
      style: styleSchema,
      holdMs: holdMsSchema,
      /** Needed with `edge`. */
      publicKey: z.exactOptional(publicKeySchema),
    }),
    reply: z.object({ epoch: epochSchema, maxBitrateBps: z.int().positive() }),
  },
  /** The transport must be one for the epoch's mode. Nothing is forwarded by this alone. */
  'publish:produce': {
    request: z.object({
      epoch: epochSchema,
      transportId: handleSchema,
      kind: mediaKindSchema,
      rtpParameters: rtpParametersSchema,
    }),
    reply: z.object({ producerId: handleSchema }),
  },
  /** Edge only; in server mode the anonymizer attests. */
  'publish:attest': {
    request: z.object({
      epoch: epochSchema,
      statement: statementSchema,
      signature: signatureSchema,
    }),
    reply: nothing,
  },
  /** Once a second. */
  'publish:stats': {
    request: publisherStatsSchema.extend({ epoch: epochSchema }),
    reply: nothing,
  },
  'publish:timeline': {
    request: z.object({
      epoch: epochSchema,
      events: z.array(liveTimelineEventSchema).max(LIVE_TIMELINE_BATCH),
    }),
    reply: nothing,
  },
  'publish:stop': { request: nothing, reply: nothing },
  /**
   * Sends voices, which nothing makes anonymous: whoever asks for it says that everybody who can be
   * heard agreed. Only while publishing; it ends with that, and with every lost connection.
   */
  'sound:start': {
    request: z.object({
      transportId: handleSchema,
      rtpParameters: rtpParametersSchema,
      everybodyAgreed: z.literal(true),
    }),
    reply: z.object({ producerId: handleSchema }),
  },
  'sound:stop': { request: nothing, reply: nothing },
  /** `watch:consumer` or `watch:unplayable` follow, for the epoch that is live and for later ones. */
  'watch:start': {
    request: z.object({ transportId: handleSchema, rtpCapabilities: rtpCapabilitiesSchema }),
    reply: nothing,
  },
  /** Consumers start paused, so that no keyframe is lost before the page is ready for it. */
  'watch:resume': { request: z.object({ consumerId: handleSchema }), reply: nothing },
  'watch:keyframe': { request: z.object({ consumerId: handleSchema }), reply: nothing },
  'watch:layers': {
    request: z.object({ consumerId: handleSchema, spatial: z.int().min(0).max(3) }),
    reply: nothing,
  },
  'watch:stop': { request: nothing, reply: nothing },
} as const satisfies Record<string, { readonly request: z.ZodObject; readonly reply: z.ZodObject }>;

export type RequestName = keyof typeof REQUESTS;
export type RequestOf<N extends RequestName> = z.infer<(typeof REQUESTS)[N]['request']>;
export type ReplyOf<N extends RequestName> = z.infer<(typeof REQUESTS)[N]['reply']>;
