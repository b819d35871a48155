// What `npm start` opens: the media server, which serves the pages.
import { fork, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { healthSchema } from '@drape/contract';
import { readySchema, type Ready } from '../../apps/sfu/src/http/announce.ts';
import { endings } from '../setup/signals.mjs';

/**
 * Starts the server, tells where it is, and waits for its end.
 * @param root the project's folder
 * @param args handed on to the server
 * @returns exit code
 */
export async function openLive(root: string, args: readonly string[]): Promise<number> {
  const server = fork(join(root, 'apps', 'sfu', 'src', 'main.ts'), args, {
    cwd: root,
    // Who starts it by hand wants the link, not every event.
    env: { ...process.env, DRAPE_LOG_LEVEL: process.env['DRAPE_LOG_LEVEL'] ?? 'warn' },
  });
  server.on('message', (message) => {
    const ready = readySchema.safeParse(message);
    if (ready.success) void tell(ready.data);
  });
  forwardEndings(server);
  return await exitCode(server);
}

/** A terminal sends Ctrl-C to the server as well; all else comes only here. */
function forwardEndings(server: ChildProcess): void {
  for (const name of endings) {
    process.on(name, () => {
      if (name === 'SIGINT' && process.stdin.isTTY) return;
      // It knows two ways to end; a closed terminal is one of them.
      server.kill(name === 'SIGHUP' ? 'SIGTERM' : name);
    });
  }
}

function exitCode(server: ChildProcess): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.once('exit', (code) => {
      resolve(code ?? 1);
    });
  });
}

async function tell({ url, adminLink }: Ready): Promise<void> {
  const link =
    adminLink === undefined
      ? `  An administrator's link was told before. Lost it?  npm start -- --new-admin-link\n`
      : `  Open this first. It is the administrator's link, told only here:\n\n  ${adminLink}\n`;
  process.stdout.write(`
  drape is up at ${url}

${link}
  Recordings instead:  npx drape anonymize operation.mp4 -o copy.mp4     Sample:  npm start -- --sample
  Ctrl-C ends everything.
${await complaints(url)}
`);
}

/** What is not as it should be, in lines; nothing where the server can't be asked from here. */
async function complaints(url: string): Promise<string> {
  try {
    const answer = await fetch(`${url}/health`, { signal: AbortSignal.timeout(3000) });
    const { checks } = healthSchema.parse(await answer.json());
    return Object.entries(checks)
      .filter(([, check]) => check !== 'ok')
      .map(([part, check]) => `\n  ! ${part}: ${check}`)
      .join('');
  } catch {
    return '';
  }
}
