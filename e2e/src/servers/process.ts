import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { join } from 'node:path';

const ROOT = join(import.meta.dirname, '..', '..', '..');
const PROGRAM = join(ROOT, 'apps', 'sfu', 'src', 'main.ts');
const LINES_KEPT = 200;

/** The media server's process, with what it said. */
export class ServerProcess {
  readonly child: ChildProcess;
  readonly #lines: string[] = [];
  readonly #ended = Promise.withResolvers<string>();
  #hasEnded = false;

  constructor(env: Readonly<Record<string, string>>) {
    this.child = spawn(process.execPath, ['--no-warnings', PROGRAM], {
      cwd: ROOT,
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    for (const stream of [this.child.stdout, this.child.stderr]) {
      stream?.setEncoding('utf8').on('data', (chunk: string) => {
        this.#lines.push(...chunk.split('\n').filter((line) => line !== ''));
        this.#lines.splice(0, this.#lines.length - LINES_KEPT);
      });
    }
    this.child.once('error', (error) => {
      this.#end(error.message);
    });
    this.child.once('close', (code, signal) => {
      this.#end(`it ended with ${signal ?? code}`);
    });
  }

  /** Resolves when it is gone, with how. */
  get ended(): Promise<string> {
    return this.#ended.promise;
  }

  get hasEnded(): boolean {
    return this.#hasEnded;
  }

  /** The latest lines that it printed. */
  get lines(): readonly string[] {
    return this.#lines;
  }

  /** SIGTERM, and SIGKILL when it does not go. */
  async stop(limitMs: number): Promise<void> {
    if (this.#hasEnded) return;
    this.child.kill('SIGTERM');
    const timer = setTimeout(() => this.child.kill('SIGKILL'), limitMs);
    await this.ended;
    clearTimeout(timer);
  }

  #end(how: string): void {
    this.#hasEnded = true;
    this.#ended.resolve(how);
  }
}
