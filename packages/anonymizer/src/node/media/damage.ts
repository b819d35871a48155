import { AV_NOPTS_VALUE } from 'node-av/constants';

/** More pictures than any codec holds back to reorder them (H.264 and HEVC: 16). */
const MAX_REORDERED = 16;
/** Packets that have given no picture after this many others never will. */
const FORGET_AFTER = 32;

interface Pending<T> {
  readonly item: T;
  /** Position of its packet in decoding order; undefined where packets carry no times. */
  readonly order: number | undefined;
  intact: boolean;
}

/** What a decoder says about a picture. */
export interface PictureState {
  /** Presentation time of its packet, AV_NOPTS_VALUE where there is none. */
  readonly pts: bigint;
  /** The decoder reported errors in it or in what it was predicted from. */
  readonly damaged: boolean;
  /** The decoder calls it a keyframe that depends on no other picture. */
  readonly cleanStart: boolean;
}

interface Sent {
  /** Position in decoding order, from 1. */
  readonly order: number;
  /** What the container says; both must agree, as dav1d flags repeated pictures as key. */
  readonly isKey: boolean;
}

/**
 * Decides which pictures can be trusted. From the first sign of damage on none can, until a
 * keyframe that was sent to the decoder after it: pictures are predicted from each other, and
 * a decoder reports the damage of one, not of those that copy from it.
 *
 * It can only know what a decoder notices. H.264 and MPEG-2 decoders notice nearly every flipped
 * byte; HEVC, VP8, VP9 and AV1 code so tightly that many decode to another valid picture.
 *
 * Pictures that are shown before a damaged one may have been predicted from it (B pictures).
 * So a picture waits until all that were decoded before it have come out.
 */
export class DamageTracker<T> {
  readonly #reorders: boolean;
  readonly #sentAt = new Map<bigint, Sent>();
  readonly #outstanding = new Set<number>();
  #pending: Pending<T>[] = [];
  #sent = 0;
  #damagedAt: number | undefined;
  #sinceDamage = 0;

  /** `reorders`: the codec may show pictures in another order than it decodes them in. */
  constructor(reorders: boolean) {
    this.#reorders = reorders;
  }

  /** A packet goes to the decoder. */
  sent(pts: bigint, isKey: boolean): void {
    this.#sent += 1;
    if (pts === AV_NOPTS_VALUE) return;
    if (!this.#sentAt.has(pts)) this.#sentAt.set(pts, { order: this.#sent, isKey });
    this.#outstanding.add(this.#sent);
    const forgotten = this.#sent - FORGET_AFTER;
    this.#outstanding.delete(forgotten);
    const [oldest] = this.#sentAt;
    if (oldest && oldest[1].order < forgotten) this.#sentAt.delete(oldest[0]);
  }

  /** A packet was lost, broken or refused, at or before the last one sent. */
  lost(): void {
    this.#damageAt(this.#sent);
    for (const pending of this.#pending) pending.intact = false;
  }

  /** The decoder gave a picture. */
  arrived(item: T, state: PictureState): void {
    const packet = this.#sentAt.get(state.pts);
    const order = packet?.order;
    if (order !== undefined) this.#outstanding.delete(order);
    this.#sinceDamage += 1;
    if (state.damaged) {
      const at = order ?? this.#sent;
      this.#damageAt(at);
      for (const pending of this.#pending) {
        if (pending.order === undefined || pending.order > at) pending.intact = false;
      }
    } else if (state.cleanStart && packet?.isKey !== false && this.#isAfterDamage(order)) {
      this.#damagedAt = undefined;
    }
    this.#pending.push({ item, order, intact: this.#damagedAt === undefined });
  }

  /** Takes out the pictures that are decided, in order; all of them with `flush`. */
  *ready(flush = false): Generator<{ readonly item: T; readonly intact: boolean }> {
    let [first] = this.#pending;
    while (first && (flush || this.#isDecided(first))) {
      this.#pending.shift();
      yield first;
      [first] = this.#pending;
    }
  }

  #isDecided(picture: Pending<T>): boolean {
    if (!this.#reorders || this.#pending.length > MAX_REORDERED) return true;
    const { order } = picture;
    if (order === undefined) return false;
    for (const other of this.#outstanding) if (other < order) return false;
    return true;
  }

  #damageAt(order: number): void {
    this.#damagedAt = Math.max(this.#damagedAt ?? 0, order);
    this.#sinceDamage = 0;
  }

  #isAfterDamage(order: number | undefined): boolean {
    if (this.#damagedAt === undefined) return false;
    if (order === undefined) return this.#sinceDamage > MAX_REORDERED;
    return order > this.#damagedAt;
  }
}
