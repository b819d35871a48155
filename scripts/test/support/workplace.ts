import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { createReport } from '../../setup/report.mjs';
import type { Context, Step } from '../../setup/steps.mjs';

/** A temporary project root that goes with the test. */
export function temporaryRoot(): string {
  const root = mkdtempSync(join(tmpdir(), 'drape-setup-'));
  onTestFinished(() => {
    rmSync(root, { recursive: true, force: true });
  });
  return root;
}

/** A set-up's surroundings with a report that can be read. */
export function workplace(root: string, options: Partial<Context> = {}) {
  const printed: string[] = [];
  const stream = {
    isTTY: false,
    columns: 80,
    write: (text: string) => printed.push(text) > 0,
  };
  const context: Context = {
    root,
    entry: 'start',
    args: [],
    report: createReport(stream as unknown as NodeJS.WriteStream),
    abort: new AbortController().signal,
    fresh: false,
    ...options,
  };
  return { context, printed: () => printed.join('') };
}

/** A step that is done once `work` has run; `runs()` says how often it did. */
export function countingStep(options: Partial<Step> = {}) {
  let runs = 0;
  const step: Step = {
    name: 'counted',
    entries: ['start'],
    key: () => 'one',
    present: () => runs > 0,
    work: () => Promise.resolve(`run ${++runs}`),
    ...options,
  };
  return { step, runs: () => runs };
}
