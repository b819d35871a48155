import type { PacketWriter } from './packet-writer.ts';

export interface HeartbeatOptions {
  readonly intervalMs: number;
  /** Pings in a row without an answer after which the worker counts as hung. */
  readonly maxMissed: number;
  readonly onHung: () => void;
  readonly onMemory: (rssBytes: number) => void;
}

/**
 * Asks whether the other side still reads. It counts its own ticks, not time: where this
 * process itself was held up, answers that lie in the socket are read before the next tick.
 */
export class Heartbeat {
  readonly #writer: PacketWriter;
  readonly #options: HeartbeatOptions;
  readonly #timer: NodeJS.Timeout;
  #sent = 0;
  #answered = 0;

  constructor(writer: PacketWriter, options: HeartbeatOptions) {
    this.#writer = writer;
    this.#options = options;
    this.#timer = setInterval(() => {
      this.#tick();
    }, options.intervalMs);
    this.#timer.unref();
  }

  /** False for an answer to a ping that was never sent. */
  pong(n: number, rssBytes: number): boolean {
    if (n > this.#sent || n <= this.#answered) return false;
    this.#answered = n;
    this.#options.onMemory(rssBytes);
    return true;
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  #tick(): void {
    if (this.#sent - this.#answered >= this.#options.maxMissed) {
      this.#options.onHung();
      return;
    }
    this.#sent += 1;
    this.#writer.send({ t: 'ping', n: this.#sent });
  }
}
