import type { Path, PlanCommand, PlanState } from './plan-state.ts';

/** A state that is being worked out; `plan` gives it out as a PlanState. */
export type Draft = { -readonly [K in keyof PlanState]: PlanState[K] };

/** The page's anonymizer is closed, and what was known of it is void. */
export function resetEdge(draft: Draft, commands: PlanCommand[]): void {
  if (draft.edgeOpen) commands.push({ type: 'close-edge' });
  Object.assign(draft, { edge: { type: 'none' }, edgeOpen: false, edgeFailures: 0 });
}

export function dropPaths(draft: Draft, commands: PlanCommand[]): void {
  for (const path of allPaths(draft)) dropPath(draft, path.id, commands);
}

/** Newest first. */
export function allPaths(draft: Draft): Path[] {
  return [draft.next, draft.current, ...draft.retiring].filter((path) => path !== undefined);
}

/** The server counts the epochs of an anonymizer that it restarted by itself: then ours is older. */
export function pathOf(draft: Draft, epoch: number): Path | undefined {
  const paths = allPaths(draft);
  const exact = paths.find((path) => path.epoch === epoch);
  if (exact) return exact;
  const older = (path: Path) => path.mode === 'server' && (path.epoch ?? epoch) < epoch;
  return paths.filter(older).sort((a, b) => (b.epoch ?? 0) - (a.epoch ?? 0))[0];
}

export function dropPath(draft: Draft, id: number, commands: PlanCommand[]): void {
  commands.push({ type: 'close-path', id });
  if (draft.current?.id === id) draft.current = undefined;
  if (draft.next?.id === id) draft.next = undefined;
  draft.retiring = draft.retiring.filter((path) => path.id !== id);
}
