import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';
import { type Ready, readySchema } from '../../src/http/index.ts';

const program = fileURLToPath(new URL('../../src/main.ts', import.meta.url));

export interface Started {
  readonly child: ChildProcess;
  readonly output: () => string;
  /** Exit code, or the signal. */
  readonly ended: Promise<number | string | null>;
  ready(): Promise<Ready>;
}

/** The server's own program, on free ports and with a data folder of its own. Ends with the test. */
export function startServer(env: Record<string, string> = {}): Started {
  const dataDir = mkdtempSync(join(tmpdir(), 'drape-main-'));
  const child = fork(program, {
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    env: {
      ...process.env,
      DRAPE_DATA_DIR: dataDir,
      DRAPE_PORT: '0',
      DRAPE_RTC_PORT: '0',
      DRAPE_WORKERS: '1',
      ...env,
    },
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('data', (chunk: Buffer) => (output += chunk.toString()));
  }
  // Not 'close': Node does not tell that of a child whose channel was cut.
  const ended = once(child, 'exit').then(
    ([code, signal]) => (code ?? signal) as number | string | null,
  );
  onTestFinished(async () => {
    child.kill('SIGKILL');
    await ended;
    rmSync(dataDir, { recursive: true, force: true });
  });
  return {
    child,
    ended,
    output: () => output,
    ready: async () => {
      const told = once(child, 'message').then(([message]) => readySchema.parse(message));
      const died = ended.then((code) => {
        throw new Error(`the server ended with ${code}: ${output}`);
      });
      return Promise.race([told, died]);
    },
  };
}
