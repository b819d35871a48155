/** An RTP packet with counters that do not wrap. */
export interface MediaPacket {
  readonly sequence: number;
  /** Ticks of the stream's clock. */
  readonly timestamp: number;
  readonly marker: boolean;
  readonly payload: Uint8Array;
  /** `performance.now()` when it came. */
  readonly arrivalMs: number;
}

export interface OrderedPacket extends MediaPacket {
  /** Packets before this one are missing for good. */
  readonly afterGap: boolean;
}

export interface ReorderLimits {
  /** A missing packet is waited for this long, then given up. */
  readonly maxWaitMs: number;
  /** Packets that wait at most; then the missing one is given up. */
  readonly maxPackets: number;
}

/**
 * Puts packets back in order. A missing one holds back what follows for a while: retransmissions
 * on the publisher's way come late. It has no clock: times come in.
 */
export class ReorderBuffer {
  readonly #limits: ReorderLimits;
  readonly #waiting = new Map<number, MediaPacket>();
  #nextSequence: number | undefined;
  #afterGap = false;
  /** Sequence numbers that never came. */
  lost = 0;
  /** Packets that came after they were given up, or twice. */
  late = 0;

  constructor(limits: ReorderLimits) {
    this.#limits = limits;
  }

  /** Takes a packet, and gives those that are in order now. */
  *push(packet: MediaPacket): Generator<OrderedPacket> {
    const { sequence } = packet;
    this.#nextSequence ??= sequence;
    if (sequence < this.#nextSequence || this.#waiting.has(sequence)) {
      this.late += 1;
      return;
    }
    this.#waiting.set(sequence, packet);
    yield* this.#inOrder();
    while (this.#waiting.size > this.#limits.maxPackets) yield* this.#skip();
  }

  /** Gives up what has been waited for too long. Call it now and then. */
  *expire(nowMs: number): Generator<OrderedPacket> {
    for (;;) {
      const oldestMs = this.waitingSinceMs;
      if (oldestMs === undefined || nowMs - oldestMs < this.#limits.maxWaitMs) return;
      yield* this.#skip();
    }
  }

  /** When the first of the packets that wait came; undefined where none does. */
  get waitingSinceMs(): number | undefined {
    let oldest: number | undefined;
    for (const { arrivalMs } of this.#waiting.values()) {
      if (oldest === undefined || arrivalMs < oldest) oldest = arrivalMs;
    }
    return oldest;
  }

  /** The sender began anew: nothing that waits has a place any more. */
  reset(): void {
    this.#waiting.clear();
    this.#nextSequence = undefined;
    this.#afterGap = true;
  }

  *#inOrder(): Generator<OrderedPacket> {
    for (;;) {
      const next = this.#nextSequence ?? 0;
      const packet = this.#waiting.get(next);
      if (!packet) return;
      this.#waiting.delete(next);
      this.#nextSequence = next + 1;
      const afterGap = this.#afterGap;
      this.#afterGap = false;
      yield { ...packet, afterGap };
    }
  }

  *#skip(): Generator<OrderedPacket> {
    const first = Math.min(...this.#waiting.keys());
    this.lost += first - (this.#nextSequence ?? first);
    this.#nextSequence = first;
    this.#afterGap = true;
    yield* this.#inOrder();
  }
}
