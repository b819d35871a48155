import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const module = fileURLToPath(new URL('../setup/hand-over.mjs', import.meta.url));

/** Hands over to a program given as text; once it says "up", `signal` is sent to the one that handed over. */
function handOver(program: string, signal?: NodeJS.Signals) {
  const script = `
    import { handOver } from ${JSON.stringify(module)};
    process.exitCode = await handOver(process.execPath, ['-e', ${JSON.stringify(program)}]);`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  child.stdout.once('data', () => signal && child.kill(signal));
  return new Promise<{ code: number | null; signal: NodeJS.Signals | null }>((resolve) => {
    child.once('close', (code, by) => {
      resolve({ code, signal: by });
    });
  });
}

test("the program's exit code becomes ours", async () => {
  await expect(handOver('process.exit(3)')).resolves.toEqual({ code: 3, signal: null });
});

test.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)(
  '%s reaches the program, which ends as it likes',
  async (signal) => {
    const program = `
    process.on('${signal}', () => process.exit(7));
    setInterval(() => {}, 1e6);
    console.log('up');`;
    await expect(handOver(program, signal)).resolves.toEqual({ code: 7, signal: null });
  },
);

test('a program that dies by a signal takes us along by the same one', async () => {
  const program = `setInterval(() => {}, 1e6); console.log('up');`;
  await expect(handOver(program, 'SIGTERM')).resolves.toEqual({ code: null, signal: 'SIGTERM' });
});
