/**
 * Every message of the protocol, in both directions. The Python side has the same list in
 * `python-fallback/drape_worker/messages.py`; `docs/worker-protocol.md` says what each means.
 */

/** What arguments and values may be made of: msgpack without extension types. */
export type WireValue =
  | null
  | boolean
  | number
  | string
  | Uint8Array
  | readonly WireValue[]
  | { readonly [key: string]: WireValue };

export type WireMap = Readonly<Record<string, WireValue>>;

/** `serial`: one at a time per key. `none`: as threads allow. */
export type WireOrder = 'none' | 'serial';

/** Index of a slot in the shared arena and how many of its bytes are filled. */
export type SlotRef = readonly [index: number, sizeBytes: number];

/** How a message carries bytes behind its header. */
export interface Body {
  /** Where the bytes are in the arena; the packet itself then has no payload. */
  readonly slot?: SlotRef;
  /** Bytes of the whole payload, where it is continued in `part` messages. */
  readonly totalBytes?: number;
  /** Bytes of this packet's payload once inflated; it is deflated (RFC 1951). */
  readonly inflatedBytes?: number;
}

export interface Hello {
  readonly t: 'hello';
  readonly versions: readonly number[];
  readonly name: string;
  readonly pid: number;
  readonly python: string;
  readonly methods: readonly string[];
  readonly models: readonly { readonly id: string; readonly sha256: string }[];
  /** Calls that it takes before it answers any. */
  readonly maxInFlight: number;
}

export interface Welcome {
  readonly t: 'welcome';
  readonly version: number;
  readonly maxPayloadBytes: number;
  readonly maxChunkBytes: number;
  /** Calls from the worker that are taken before any is answered. */
  readonly maxInFlight: number;
  /** Notifications a second that are read; more of them end the connection. */
  readonly maxNotificationsPerSecond: number;
  /** The inherited file descriptor of the arena, where there is one. */
  readonly arena: {
    readonly fd: number;
    readonly slots: number;
    readonly strideBytes: number;
    /** Where a slot's bytes begin in it. */
    readonly offsetBytes: number;
  } | null;
  /** Deflate payloads that shrink: only asked for over a network. */
  readonly deflate: boolean;
}

export interface Call extends Body {
  readonly t: 'call';
  readonly id: number;
  readonly method: string;
  readonly key: string | null;
  readonly order: WireOrder;
  /** How long the caller still waits, measured from when it sent this; null: without end. */
  readonly timeoutMs: number | null;
  readonly args: WireValue;
}

export interface Result extends Body {
  readonly t: 'result';
  readonly id: number;
  readonly value: WireValue;
}

export type CallErrorReason =
  | 'unknown-method'
  | 'method-failed'
  | 'cancelled'
  | 'deadline'
  | 'overloaded'
  | 'model-missing'
  | 'model-corrupt'
  | 'package-missing'
  | 'oversized'
  | 'closed';

export const CALL_ERROR_REASONS: readonly CallErrorReason[] = [
  'unknown-method',
  'method-failed',
  'cancelled',
  'deadline',
  'overloaded',
  'model-missing',
  'model-corrupt',
  'package-missing',
  'oversized',
  'closed',
];

export interface CallError {
  readonly t: 'error';
  readonly id: number;
  readonly reason: CallErrorReason;
  readonly type: string;
  readonly message: string;
  readonly trace: string;
}

/** Before hello, instead of it: the worker can't start and exits. */
export interface Fatal extends Omit<CallError, 't' | 'id'> {
  readonly t: 'fatal';
}

export interface Cancel {
  readonly t: 'cancel';
  readonly id: number;
}

export interface Progress {
  readonly t: 'progress';
  readonly id: number;
  readonly value: WireValue;
}

/** The next piece of a payload: of one's own call, or of the answer to the other's. */
export interface Part {
  readonly t: 'part';
  readonly of: 'call' | 'result';
  readonly id: number;
  readonly inflatedBytes?: number;
}

export const LOG_LEVELS = ['debug', 'info', 'warn', 'error'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

export interface Log {
  readonly t: 'log';
  readonly level: LogLevel;
  /** Static text; what varies is in `fields`. */
  readonly message: string;
  readonly fields: WireMap;
}

export interface Metrics {
  readonly t: 'metrics';
  readonly values: Readonly<Record<string, number>>;
}

export interface Ping {
  readonly t: 'ping';
  readonly n: number;
}

export interface Pong {
  readonly t: 'pong';
  readonly n: number;
  /** Memory of its own, without the shared arena. */
  readonly rssBytes: number;
}

/** Answer what is under way, then exit. */
export interface Bye {
  readonly t: 'bye';
}

export type WireMessage =
  | Hello
  | Welcome
  | Call
  | Result
  | CallError
  | Fatal
  | Cancel
  | Progress
  | Part
  | Log
  | Metrics
  | Ping
  | Pong
  | Bye;
