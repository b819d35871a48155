import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { pythonPath } from '@drape/anonymizer/node';

const script = join(import.meta.dirname, 'peers', 'plain.py');

/** The naive worker, spoken to as well as it can be: replies are copied into one buffer each. */
export class PlainPeer {
  readonly #child: ChildProcessByStdio<Writable, Readable, null>;
  readonly #waiting: { into: Buffer; filled: number; done: () => void }[] = [];

  constructor(frameBytes: number) {
    this.#child = spawn(pythonPath(), [script, String(frameBytes)], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    this.#child.stdout.on('data', (chunk: Buffer) => {
      this.#take(chunk);
    });
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  /** A frame there and back. Several may be under way: replies come in order. */
  async pass(frame: Buffer, into: Buffer): Promise<void> {
    const answered = new Promise<void>((done) => {
      this.#waiting.push({ into, filled: 0, done });
    });
    this.#child.stdin.write(frame);
    await answered;
  }

  async close(): Promise<void> {
    this.#child.stdin.end();
    if (this.#child.exitCode === null) await once(this.#child, 'exit');
  }

  #take(chunk: Buffer): void {
    let left = chunk;
    while (left.length > 0) {
      const first = this.#waiting[0];
      if (!first) throw new Error('more came back than was sent');
      const taken = left.copy(first.into, first.filled);
      first.filled += taken;
      left = left.subarray(taken);
      if (first.filled < first.into.length) return;
      this.#waiting.shift();
      first.done();
    }
  }
}
