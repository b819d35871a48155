import { join } from 'node:path';
import type { WebProgram } from '../../src/http/web/web-server.ts';

/** A small program in place of `next start`. */
export const pages: WebProgram = {
  cwd: import.meta.dirname,
  args: (port) => ['start', '--port', String(port)],
  find: () => ({ program: join(import.meta.dirname, 'pages.mjs') }),
};

/** Waits until `holds` does; a limit against hangs, no speed claim. */
export async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = performance.now() + 30_000;
  while (!(await holds())) {
    if (performance.now() > deadline) throw new Error('it did not come to hold within 30 s');
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
