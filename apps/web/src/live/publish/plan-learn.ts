import type { LiveErrorCode } from '@drape/contract';
import { backoffMs } from '../signalling/backoff.ts';
import { allPaths, dropPath, dropPaths, type Draft } from './plan-paths.ts';
import {
  PLAN_LIMITS,
  type EdgeCause,
  type PlanCommand,
  type PlanEvent,
  type PlanState,
} from './plan-state.ts';

/** Refusals that trying again cannot turn. */
const FATAL: ReadonlySet<LiveErrorCode> = new Set([
  'forbidden',
  'unauthenticated',
  'token-expired',
  'token-revoked',
  'room-not-found',
  'protocol-mismatch',
  'malformed',
  'unsupported-media',
]);
/** Refusals of the edge alone: the server may still do it. */
const EDGE_REFUSALS: ReadonlySet<LiveErrorCode> = new Set(['edge-refused', 'attestation-refused']);

type Of<T extends PlanEvent['type']> = Extract<PlanEvent, { readonly type: T }>;

export function stop(draft: Draft, commands: PlanCommand[], problem: PlanState['problem']): void {
  const wasWanted = draft.wanted;
  Object.assign(draft, { wanted: false, pinned: undefined, ordered: undefined, problem });
  dropPaths(draft, commands);
  if (wasWanted) commands.push({ type: 'say-stop' });
}

export function handOver(draft: Draft): void {
  const mode = (draft.next ?? draft.current)?.mode;
  if (mode === undefined || draft.serverOnly || draft.ordered) return;
  draft.pinned = mode === 'edge' ? 'server' : 'edge';
  draft.pathNotBeforeMs = 0;
  const idle = draft.edge.type === 'resting' || draft.edge.type === 'barred';
  if (draft.pinned === 'edge' && idle) draft.edge = { type: 'none' };
}

export function edgeFailing(
  draft: Draft,
  event: Of<'edge-failing'>,
  commands: PlanCommand[],
): void {
  if (draft.edge.type !== 'running' && draft.edge.type !== 'opening') return;
  const { cause, severity } = event;
  const alone = draft.where === 'edge' && draft.pinned !== 'server';
  // Nobody else may do it, and it still covers: late pictures are better than none.
  if (severity === 'slow' && alone) return;
  rest(draft, cause);
  if (draft.pinned === 'edge') draft.pinned = undefined;
  // What still comes is covered whole: it goes on until the server has taken over.
  if (severity !== 'dead' && !alone) return;
  for (const path of allPaths(draft)) if (path.mode === 'edge') dropPath(draft, path.id, commands);
}

function rest(draft: Draft, cause: EdgeCause): void {
  if (cause === 'hidden') {
    // No fault of the machine; `page-visible` ends it.
    draft.edge = { type: 'resting', untilMs: Number.POSITIVE_INFINITY, cause };
    return;
  }
  const limits = draft.where === 'edge' ? PLAN_LIMITS.pathRestMs : PLAN_LIMITS.edgeRestMs;
  const untilMs = draft.nowMs + backoffMs(draft.edgeFailures++, limits);
  draft.edge = { type: 'resting', untilMs, cause };
}

/** Failures are forgotten once what viewers get has come from the edge for a while. */
export function forgive(draft: Draft): void {
  if (draft.edge.type !== 'running' || draft.current?.mode !== 'edge') return;
  if (draft.nowMs - draft.edge.sinceMs >= PLAN_LIMITS.edgeForgivenMs) draft.edgeFailures = 0;
}

export function promote(draft: Draft, id: number): void {
  if (draft.next?.id !== id) return;
  const { current, nowMs } = draft;
  if (current) draft.retiring = [...draft.retiring, { ...current, sinceMs: nowMs }];
  Object.assign(draft, { current: draft.next, next: undefined });
  Object.assign(draft, { pathFailures: 0, pathNotBeforeMs: 0, problem: undefined });
}

export function pathFailed(draft: Draft, event: Of<'path-failed'>, commands: PlanCommand[]): void {
  const path = allPaths(draft).find((known) => known.id === event.id);
  if (!path) return;
  dropPath(draft, path.id, commands);
  const { code } = event;
  if (code !== undefined && EDGE_REFUSALS.has(code)) {
    if (draft.where === 'edge') stop(draft, commands, code);
    else draft.edge = { type: 'barred', cause: code };
    return;
  }
  if (code !== undefined && FATAL.has(code)) {
    stop(draft, commands, code);
    return;
  }
  draft.problem = code;
  draft.pathNotBeforeMs = draft.nowMs + backoffMs(draft.pathFailures++, PLAN_LIMITS.pathRestMs);
}

export function order(draft: Draft, { to, cause }: Of<'order'>): void {
  if (to === 'server') {
    draft.ordered = { cause };
    draft.pathNotBeforeMs = 0;
    return;
  }
  draft.ordered = undefined;
  if (draft.serverOnly || draft.where === 'server') return;
  draft.pinned = 'edge';
  if (draft.edge.type === 'resting' || draft.edge.type === 'barred') draft.edge = { type: 'none' };
}
