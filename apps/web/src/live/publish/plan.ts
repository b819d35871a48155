import { edgeFailing, forgive, handOver, order, pathFailed, promote, stop } from './plan-learn.ts';
import { dropPath, dropPaths, pathOf, resetEdge, type Draft } from './plan-paths.ts';
import { reconcile } from './plan-reconcile.ts';
import { PLAN_LIMITS, type PlanCommand, type PlanEvent, type PlanState } from './plan-state.ts';

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
      // What was opened of it is closed as any other: by what follows from this.
      draft.edge = { type: 'barred', cause: event.cause };
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
