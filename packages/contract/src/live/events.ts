import * as z from 'zod';
import { type LiveErrorBody, liveErrorSchema } from './errors.ts';
import { mediaKindSchema, rtpCapabilitiesSchema, rtpParametersSchema } from './media.ts';
import {
  epochSchema,
  handleSchema,
  LIVE_PROTOCOL,
  publishModeSchema,
  roleSchema,
  roomIdSchema,
} from './names.ts';
import type { ReplyOf, RequestName, RequestOf } from './requests.ts';
import { roomStateSchema, stateCauseSchema } from './state.ts';

/** A session's own key to itself: whoever shows it within the grace takes the session over. */
export const resumeSchema = z.string().regex(/^[A-Za-z0-9_-]{43}$/);

/** `auth` of socket.io's handshake. */
export const handshakeSchema = z.object({
  token: z.string().min(1).max(4096),
  protocol: z.literal(LIVE_PROTOCOL),
  resume: z.exactOptional(resumeSchema),
  /** Which room to look into; for administrators, whose token names none. They join as viewers. */
  room: z.exactOptional(roomIdSchema),
});
export type Handshake = z.infer<typeof handshakeSchema>;

/** Server to client, not acked. */
export const EVENTS = {
  /** First of all. `resumed`: the session, its transports and its epoch are still there. */
  welcome: z.object({
    role: roleSchema,
    room: roomIdSchema,
    sessionId: handleSchema,
    resume: resumeSchema,
    resumed: z.boolean(),
  }),
  'room:state': roomStateSchema,
  /** Make it, resume it, swap to it on its first decoded frame, then close the old one. */
  'watch:consumer': z.object({
    epoch: epochSchema,
    consumerId: handleSchema,
    producerId: handleSchema,
    kind: mediaKindSchema,
    rtpParameters: rtpParametersSchema,
  }),
  /** The publisher's sound. Starts paused, as pictures do: resumed when somebody wants to hear it. */
  'watch:sound': z.object({
    consumerId: handleSchema,
    producerId: handleSchema,
    rtpParameters: rtpParametersSchema,
  }),
  'watch:closed': z.object({ consumerId: handleSchema }),
  /** What is live is in a format that this viewer did not list; a later epoch may be in another. */
  'watch:unplayable': z.object({ epoch: epochSchema }),
  /** Open an epoch of this mode; the present one may be closed already. */
  'publish:order': z.object({
    to: publishModeSchema,
    cause: stateCauseSchema.or(z.literal('strict')),
  }),
  /** What was sent as sound is over without having been stopped. */
  'sound:closed': z.object({ producerId: handleSchema }),
  /** An epoch of the publisher is over: stop sending it. */
  'publish:closed': z.object({
    epoch: epochSchema,
    cause: stateCauseSchema.or(z.literal('handed-over')),
  }),
  /**
   * All transports of the session are gone, the session is not. Make them anew; a publisher starts
   * a new epoch, a viewer sends `watch:start` again.
   */
  'media:reset': z.object({
    roomCapabilities: rtpCapabilitiesSchema,
    ingestCapabilities: z.exactOptional(rtpCapabilitiesSchema),
  }),
  /** The last word; the socket is closed after it. Do not reconnect by itself. */
  'session:ended': z.object({
    reason: z.enum(['replaced', 'revoked', 'expired', 'room-closed', 'shutting-down']),
  }),
} as const satisfies Record<string, z.ZodObject>;

export type EventName = keyof typeof EVENTS;
export type EventOf<N extends EventName> = z.infer<(typeof EVENTS)[N]>;
export type SessionEndReason = EventOf<'session:ended'>['reason'];
export type OrderCause = EventOf<'publish:order'>['cause'];
export type EpochCloseCause = EventOf<'publish:closed'>['cause'];

export type Refusal = { readonly ok: false; readonly error: LiveErrorBody };
export type Reply<N extends RequestName> = ({ readonly ok: true } & ReplyOf<N>) | Refusal;

export const refusalSchema = z.object({ ok: z.literal(false), error: liveErrorSchema });

/** Type arguments of socket.io's server and client. */
export type ClientToServerEvents = {
  [N in RequestName]: (request: RequestOf<N>, ack: (reply: Reply<N>) => void) => void;
};
export type ServerToClientEvents = { [N in EventName]: (event: EventOf<N>) => void };
