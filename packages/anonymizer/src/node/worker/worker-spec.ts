import { DEFAULT_LIMITS, type Limits } from './limits.ts';
import type { HostMethods } from './incoming-calls.ts';
import type { WorkerLogger } from './worker-log.ts';

/** A gateway to workers on another host, and how each side proves who it is. PEM texts. */
export interface RemotePlace {
  readonly host: string;
  readonly port: number;
  /** The gateway's own certificate, which pins it, or an authority's that signed nothing else. */
  readonly ca: string;
  readonly cert: string;
  readonly key: string;
  /** The name in the gateway's certificate. Default: `host`. */
  readonly serverName?: string;
}

/** Which program to run, and within what bounds. Times are milliseconds. */
export interface WorkerSpec {
  /** What errors and logs call it, such as `text-tesseract`. */
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly cwd?: string;
  /** Instead of running it here: `command`, `args`, `cwd` and `env` then count for nothing. */
  readonly remote?: RemotePlace;
  /** Added to the few variables that every worker gets; nothing else is inherited. */
  readonly env?: Readonly<Record<string, string>>;
  /** What its methods may call here. */
  readonly methods?: HostMethods;
  readonly onLog?: WorkerLogger;
  readonly onMetrics?: (values: Readonly<Record<string, number>>) => void;
  readonly limits?: Limits;
  readonly bounds?: Partial<WorkerBounds>;
}

export interface WorkerBounds {
  /** From spawn to hello: imports and weights are loaded in it. */
  readonly startTimeoutMs: number;
  readonly heartbeatMs: number;
  /** So many heartbeats in a row without an answer: hung. */
  readonly maxMissedHeartbeats: number;
  /** From cancel to the answer; then the worker counts as hung. */
  readonly cancelGraceMs: number;
  /** From SIGTERM to SIGKILL. */
  readonly killGraceMs: number;
  /** Slots of shared memory; 0: every payload goes through the stream. */
  readonly slots: number;
  readonly maxNotificationsPerSecond: number;
  /** Calls from the worker under way at once. */
  readonly maxIncomingCalls: number;
  /** Calls that wait in front of one worker; more are rejected as overloaded. */
  readonly maxQueued: number;
  /** Of a call that names none. */
  readonly callTimeoutMs: number;
  /** A fresh process after so many calls. */
  readonly recycleAfterCalls: number;
  /** A fresh process once it holds more memory of its own. */
  readonly recycleAboveBytes: number;
  /** First pause after a failure; it doubles up to `maxBackoffMs`. */
  readonly minBackoffMs: number;
  readonly maxBackoffMs: number;
  /** So many failures in a row open the circuit: calls are rejected at once. */
  readonly maxFailures: number;
  /** How long the circuit stays open before one start is tried. */
  readonly circuitOpenMs: number;
  /** A worker that lived that long had no failure in a row. */
  readonly soundAfterMs: number;
}

export const DEFAULT_BOUNDS: WorkerBounds = {
  startTimeoutMs: 30_000,
  heartbeatMs: 1000,
  maxMissedHeartbeats: 10,
  cancelGraceMs: 5000,
  killGraceMs: 500,
  slots: 8,
  maxNotificationsPerSecond: 500,
  maxIncomingCalls: 16,
  maxQueued: 64,
  callTimeoutMs: 10_000,
  recycleAfterCalls: 1_000_000,
  recycleAboveBytes: 1.5 * 2 ** 30,
  minBackoffMs: 50,
  maxBackoffMs: 5000,
  maxFailures: 5,
  circuitOpenMs: 10_000,
  soundAfterMs: 10_000,
};

export function boundsOf(spec: WorkerSpec): WorkerBounds {
  return { ...DEFAULT_BOUNDS, ...spec.bounds };
}

export function limitsOf(spec: WorkerSpec): Limits {
  return spec.limits ?? DEFAULT_LIMITS;
}
