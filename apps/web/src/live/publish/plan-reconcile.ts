import type { PublishMode } from '@drape/contract';
import { allPaths, dropPath, type Draft } from './plan-paths.ts';
import { PLAN_LIMITS, type PlanCommand } from './plan-state.ts';

/** What is wanted follows from what is known: opens and closes what differs from it. */
export function reconcile(draft: Draft, commands: PlanCommand[]): void {
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
