import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { ProbeAnswer } from './finding.ts';

const PROBE = fileURLToPath(new URL('./probe.ts', import.meta.url));

/** Loading and one run of the largest model take 3 s on a busy core. */
const DEADLINE_MS = 120_000;

/**
 * Asks in a process of its own: a native part that is built for another machine does not throw,
 * it ends the process.
 */
export function askProbe(...question: readonly string[]): Promise<ProbeAnswer[]> {
  return new Promise((resolve) => {
    const options = { timeout: DEADLINE_MS, killSignal: 'SIGKILL' } as const;
    execFile(process.execPath, [PROBE, ...question], options, (error, stdout, stderr) => {
      const answer = lastAnswer(stdout);
      if (answer) resolve(answer);
      else if (error?.killed) resolve(failed(`no answer within ${DEADLINE_MS / 1000} s`));
      else if (error?.signal) resolve(failed(`crashed (${error.signal})`));
      else resolve(failed(stderr.trim().split('\n').at(-1) ?? 'no answer'));
    });
  });
}

function lastAnswer(stdout: string): ProbeAnswer[] | undefined {
  const line = stdout.trim().split('\n').at(-1) ?? '';
  return line.startsWith('[') ? (JSON.parse(line) as ProbeAnswer[]) : undefined;
}

function failed(detail: string): ProbeAnswer[] {
  return [{ state: 'failed', detail }];
}
