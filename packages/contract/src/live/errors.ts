import * as z from 'zod';

interface ErrorFacts {
  /** The same request may succeed a little later, unchanged. */
  readonly retryable: boolean;
  readonly httpStatus: number;
}

/** Every error that leaves the server, on the socket and over HTTP, has one of these codes. */
export const LIVE_ERRORS = {
  /** The message does not have the shape that the contract demands. */
  malformed: { retryable: false, httpStatus: 400 },
  /** The message is larger than the server reads. */
  'too-large': { retryable: false, httpStatus: 413 },
  /** The client speaks another version of this contract: reload the page. */
  'protocol-mismatch': { retryable: false, httpStatus: 400 },
  /** No token, or one that this server did not sign. */
  unauthenticated: { retryable: false, httpStatus: 401 },
  'token-expired': { retryable: false, httpStatus: 401 },
  'token-revoked': { retryable: false, httpStatus: 401 },
  /** The token is good, but its role or room does not allow this. */
  forbidden: { retryable: false, httpStatus: 403 },
  'room-not-found': { retryable: false, httpStatus: 404 },
  /** A transport, producer, consumer, invite or page of this name is not there (any more). */
  'not-found': { retryable: false, httpStatus: 404 },
  'room-full': { retryable: true, httpStatus: 409 },
  /** Another publisher holds the room; it must stop or be gone first. */
  'publisher-present': { retryable: true, httpStatus: 409 },
  /** Good message, wrong moment: something must come before it. */
  'wrong-state': { retryable: false, httpStatus: 409 },
  /** The epoch is not the one that is being set up. */
  'stale-epoch': { retryable: false, httpStatus: 409 },
  /** The signature, the models or the profile of an attestation do not hold: publish in server mode. */
  'attestation-refused': { retryable: false, httpStatus: 403 },
  /** The profile allows no anonymizing in the browser: publish in server mode. */
  'edge-refused': { retryable: false, httpStatus: 403 },
  /** mediasoup refuses these RTP or DTLS parameters, or the codec is not one of the room's. */
  'unsupported-media': { retryable: false, httpStatus: 400 },
  /** The anonymizer process did not start or is not installed. */
  'anonymizer-unavailable': { retryable: true, httpStatus: 503 },
  /** The media worker is being restarted: `media:reset` follows. */
  'media-unavailable': { retryable: true, httpStatus: 503 },
  'rate-limited': { retryable: true, httpStatus: 429 },
  /** The server did not finish in time. */
  deadline: { retryable: true, httpStatus: 504 },
  'shutting-down': { retryable: true, httpStatus: 503 },
  /** A defect of the server; its log has the cause under the same time. */
  internal: { retryable: true, httpStatus: 500 },
} as const satisfies Record<string, ErrorFacts>;

export type LiveErrorCode = keyof typeof LIVE_ERRORS;

export const liveErrorCode = z.enum(Object.keys(LIVE_ERRORS) as [LiveErrorCode]);

/** What travels: `error` of a refused ack, `data` of a connect_error, `error` of an HTTP body. */
export const liveErrorSchema = z.object({
  code: liveErrorCode,
  /** For people, in English; names the field or the thing to do. Never holds a token or a picture. */
  message: z.string().max(1000),
  retryable: z.boolean(),
  /** With `rate-limited`: when to try again. */
  retryAfterMs: z.exactOptional(z.int().nonnegative()),
});
export type LiveErrorBody = z.infer<typeof liveErrorSchema>;

/** The one error class of live: thrown inside the server, turned into a body at its edges. */
export class LiveError extends Error {
  override readonly name = 'LiveError';
  readonly code: LiveErrorCode;
  readonly retryAfterMs: number | undefined;

  constructor(
    code: LiveErrorCode,
    message: string,
    options?: { readonly cause?: unknown; readonly retryAfterMs?: number },
  ) {
    super(message, options?.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.retryAfterMs = options?.retryAfterMs;
  }

  get retryable(): boolean {
    return LIVE_ERRORS[this.code].retryable;
  }

  get httpStatus(): number {
    return LIVE_ERRORS[this.code].httpStatus;
  }

  toBody(): LiveErrorBody {
    const { code, message, retryable, retryAfterMs } = this;
    return { code, message, retryable, ...(retryAfterMs === undefined ? {} : { retryAfterMs }) };
  }
}
