/** Something that counts the packets it got; undefined once it is closed. */
export interface Counted {
  packets(): Promise<number | undefined>;
}

export interface FlowLimits {
  readonly everyMs: number;
  /** No first packet for this long: stalled from the beginning. */
  readonly firstWithinMs: number;
  /** No further packet for this long: stalled. */
  readonly stalledAfterMs: number;
}

/** Asks a producer over and over whether packets still arrive. Scoped by `close()`. */
export class FlowWatch {
  readonly #source: Counted;
  readonly #limits: FlowLimits;
  readonly #onChange: (flowing: boolean) => void;
  #timer: NodeJS.Timeout | undefined;
  #packets = 0;
  #lastMs = performance.now();
  #flowing: boolean | undefined;
  #closed = false;

  /** `onChange(true)` with the first packets, `onChange(false)` when they stay away. */
  constructor(source: Counted, limits: FlowLimits, onChange: (flowing: boolean) => void) {
    this.#source = source;
    this.#limits = limits;
    this.#onChange = onChange;
    this.#again();
  }

  get flowing(): boolean {
    return this.#flowing === true;
  }

  /** Idempotent; `onChange` is not called any more. */
  close(): void {
    this.#closed = true;
    clearTimeout(this.#timer);
  }

  get #patienceMs(): number {
    const { firstWithinMs, stalledAfterMs } = this.#limits;
    return this.#packets === 0 ? firstWithinMs : stalledAfterMs;
  }

  #again(): void {
    this.#timer = setTimeout(() => void this.#look(), this.#limits.everyMs);
  }

  async #look(): Promise<void> {
    const packets = (await this.#source.packets()) ?? this.#packets;
    if (this.#closed) return;
    const nowMs = performance.now();
    if (packets > this.#packets) {
      this.#packets = packets;
      this.#lastMs = nowMs;
      this.#become(true);
    } else if (nowMs - this.#lastMs >= this.#patienceMs) {
      this.#become(false);
    }
    // Not an interval: a worker that answers slowly must not be asked twice at once.
    this.#again();
  }

  #become(flowing: boolean): void {
    if (this.#flowing === flowing) return;
    this.#flowing = flowing;
    this.#onChange(flowing);
  }
}
