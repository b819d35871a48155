import type { Health } from '@drape/contract';

export type Phase = 'starting' | 'running' | 'stopping';

export interface HealthFacts {
  readonly phase: Phase;
  readonly version: string;
  readonly uptimeS: number;
  /** `ok`, or what is wrong, by part. */
  readonly checks: Readonly<Record<string, string>>;
}

/** Degraded: alive, and something is missing; who restarts servers must leave it alone. */
export function healthOf({ phase, version, uptimeS, checks }: HealthFacts): {
  status: number;
  body: Health;
} {
  const isWell = Object.values(checks).every((check) => check === 'ok');
  const status = phase === 'running' ? (isWell ? 'ok' : 'degraded') : phase;
  const body = { status, version, uptimeS, checks: { ...checks } } satisfies Health;
  return { status: phase === 'running' ? 200 : 503, body };
}
