import type { LiveErrorCode, PublishMode } from '@drape/contract';
import { backoffMs } from '../signalling/backoff.ts';
import {
  PLAN_LIMITS,
  type EdgeCause,
  type Path,
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

type Draft = { -readonly [K in keyof PlanState]: PlanState[K] };
type Of<T extends PlanEvent['type']> = Extract<PlanEvent, { readonly type: T }>;

/**
 * Decides where the picture is anonymized. Pure: the event and the time go in, the new state and
 * what to do about it come out. An event changes what is known; what is wanted then follows from it.
 */
export function plan(
  state: PlanState,
  event: PlanEvent,
  nowMs: number,
): { readonly state: PlanState; readonly commands: readonly PlanCommand[] } {
  const draft: Draft = { ...state, nowMs };
  const commands: PlanCommand[] = [];
  learn(draft, event, commands);
  reconcile(draft, commands);
  return { state: draft, commands };
}

function learn(draft: Draft, event: PlanEvent, commands: PlanCommand[]): void {
  switch (event.type) {
    case 'tick':
      forgive(draft);
      for (const path of draft.retiring)
        if (draft.nowMs - path.sinceMs > PLAN_LIMITS.retireMs) dropPath(draft, path.id, commands);
      return;
    case 'source':
      draft.hasSource = event.present;
      // Another camera is another picture for the edge: what it knew of its speed is void.
      dropPaths(draft, commands);
      resetEdge(draft, commands);
      return;
    case 'configure':
      draft.where = event.where;
      draft.serverOnly = event.serverOnly;
      draft.pinned = undefined;
      // What is sent would no longer be what was asked for.
      dropPaths(draft, commands);
      resetEdge(draft, commands);
      return;
    case 'go-live':
      Object.assign(draft, { wanted: true, problem: undefined, pinned: undefined });
      Object.assign(draft, { ordered: undefined, pathFailures: 0, pathNotBeforeMs: 0 });
      return;
    case 'stop':
      stop(draft, commands, event.problem);
      return;
    case 'hand-over':
      handOver(draft);
      return;
    case 'connected':
      draft.connected = true;
      if (!event.resumed) dropPaths(draft, commands);
      return;
    case 'disconnected':
      draft.connected = false;
      return;
    case 'media-reset':
      dropPaths(draft, commands);
      return;
    case 'edge-running':
      if (draft.edge.type === 'opening') draft.edge = { type: 'running', sinceMs: draft.nowMs };
      return;
    case 'edge-failing':
      edgeFailing(draft, event, commands);
      return;
    case 'edge-unsupported':
      draft.edge = { type: 'barred', cause: event.cause };
      draft.edgeOpen = false;
      if (draft.pinned === 'edge') draft.pinned = undefined;
      return;
    case 'page-visible':
      if (draft.edge.type === 'resting' && draft.edge.cause === 'hidden')
        draft.edge = { type: 'none' };
      return;
    case 'path-epoch':
      if (draft.next?.id === event.id) draft.next = { ...draft.next, epoch: event.epoch };
      return;
    case 'path-live':
      promote(draft, event.id);
      return;
    case 'path-failed':
      pathFailed(draft, event, commands);
      return;
    case 'epoch-closed': {
      const path = pathOf(draft, event.epoch);
      if (path) dropPath(draft, path.id, commands);
      return;
    }
    case 'order':
      order(draft, event);
  }
}

function stop(draft: Draft, commands: PlanCommand[], problem: PlanState['problem']): void {
  const wasWanted = draft.wanted;
  Object.assign(draft, { wanted: false, pinned: undefined, ordered: undefined, problem });
  dropPaths(draft, commands);
  if (wasWanted) commands.push({ type: 'say-stop' });
}

function handOver(draft: Draft): void {
  const mode = (draft.next ?? draft.current)?.mode;
  if (mode === undefined || draft.serverOnly || draft.ordered) return;
  draft.pinned = mode === 'edge' ? 'server' : 'edge';
  draft.pathNotBeforeMs = 0;
  const idle = draft.edge.type === 'resting' || draft.edge.type === 'barred';
  if (draft.pinned === 'edge' && idle) draft.edge = { type: 'none' };
}

function edgeFailing(draft: Draft, event: Of<'edge-failing'>, commands: PlanCommand[]): void {
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
function forgive(draft: Draft): void {
  if (draft.edge.type !== 'running' || draft.current?.mode !== 'edge') return;
  if (draft.nowMs - draft.edge.sinceMs >= PLAN_LIMITS.edgeForgivenMs) draft.edgeFailures = 0;
}

function promote(draft: Draft, id: number): void {
  if (draft.next?.id !== id) return;
  const { current, nowMs } = draft;
  if (current) draft.retiring = [...draft.retiring, { ...current, sinceMs: nowMs }];
  Object.assign(draft, { current: draft.next, next: undefined });
  Object.assign(draft, { pathFailures: 0, pathNotBeforeMs: 0, problem: undefined });
}

function pathFailed(draft: Draft, event: Of<'path-failed'>, commands: PlanCommand[]): void {
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

function order(draft: Draft, { to, cause }: Of<'order'>): void {
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

function resetEdge(draft: Draft, commands: PlanCommand[]): void {
  if (draft.edgeOpen) commands.push({ type: 'close-edge' });
  Object.assign(draft, { edge: { type: 'none' }, edgeOpen: false, edgeFailures: 0 });
}

function dropPaths(draft: Draft, commands: PlanCommand[]): void {
  for (const path of allPaths(draft)) dropPath(draft, path.id, commands);
}

function allPaths(draft: Draft): Path[] {
  return [draft.next, draft.current, ...draft.retiring].filter((path) => path !== undefined);
}

/** The server counts the epochs of an anonymizer that it restarted by itself: then ours is older. */
function pathOf(draft: Draft, epoch: number): Path | undefined {
  const paths = allPaths(draft);
  const exact = paths.find((path) => path.epoch === epoch);
  if (exact) return exact;
  const older = (path: Path) => path.mode === 'server' && (path.epoch ?? epoch) < epoch;
  return paths.filter(older).sort((a, b) => (b.epoch ?? 0) - (a.epoch ?? 0))[0];
}

function dropPath(draft: Draft, id: number, commands: PlanCommand[]): void {
  commands.push({ type: 'close-path', id });
  if (draft.current?.id === id) draft.current = undefined;
  if (draft.next?.id === id) draft.next = undefined;
  draft.retiring = draft.retiring.filter((path) => path.id !== id);
}

function reconcile(draft: Draft, commands: PlanCommand[]): void {
  reconcileEdge(draft, commands);
  const mode = wantedMode(draft);
  if (mode === undefined || draft.nowMs < draft.pathNotBeforeMs) return;
  const target = draft.next ?? draft.current;
  if (target?.mode === mode) return;
  if (draft.next) dropPath(draft, draft.next.id, commands);
  // What is wanted may be what viewers still get.
  if (draft.current?.mode === mode) return;
  draft.next = { id: draft.nextId++, mode };
  commands.push({ type: 'open-path', id: draft.next.id, mode });
}

function reconcileEdge(draft: Draft, commands: PlanCommand[]): void {
  const { edge } = draft;
  if (edge.type === 'resting' && draft.nowMs >= edge.untilMs) draft.edge = { type: 'none' };
  const inUse = allPaths(draft).some((path) => path.mode === 'edge');
  const alive = draft.edge.type === 'opening' || draft.edge.type === 'running';
  if (draft.edgeOpen && !inUse && (!alive || !mayUseEdge(draft))) {
    commands.push({ type: 'close-edge' });
    draft.edgeOpen = false;
    if (alive) draft.edge = { type: 'none' };
  }
  if (draft.edge.type === 'none' && !draft.edgeOpen && mayUseEdge(draft)) {
    commands.push({ type: 'open-edge' });
    draft.edge = { type: 'opening', sinceMs: draft.nowMs };
    draft.edgeOpen = true;
  }
}

function mayUseEdge(draft: Draft): boolean {
  if (!draft.hasSource || draft.serverOnly || draft.ordered || draft.pinned === 'server')
    return false;
  return draft.where !== 'server' || draft.pinned === 'edge';
}

/** Undefined: leave things as they are. */
function wantedMode(draft: Draft): PublishMode | undefined {
  if (!draft.wanted || !draft.hasSource || !draft.connected) return undefined;
  if (draft.serverOnly || draft.ordered) return 'server';
  const running = draft.edge.type === 'running' ? 'edge' : undefined;
  if (draft.pinned !== undefined) return draft.pinned === 'edge' ? running : 'server';
  if (draft.where !== 'auto') return draft.where === 'edge' ? running : 'server';
  return automatic(draft);
}

function automatic(draft: Draft): PublishMode | undefined {
  const { edge, current } = draft;
  if (edge.type === 'opening' && !current && !draft.next) {
    return draft.nowMs - edge.sinceMs < PLAN_LIMITS.waitForEdgeMs ? undefined : 'server';
  }
  if (edge.type !== 'running') return 'server';
  const servedBy = current?.mode ?? 'edge';
  const held = draft.nowMs - edge.sinceMs >= PLAN_LIMITS.holdBeforeReturnMs;
  return servedBy === 'edge' || held ? 'edge' : 'server';
}
