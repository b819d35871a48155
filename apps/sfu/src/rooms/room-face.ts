import type { PublisherStats, RoomState, StateCause } from '@drape/contract';
import type { LivePicture } from './publication.ts';

/** What a room shows of itself: one value, changed in one place. */
export class RoomFace {
  #picture: LivePicture | undefined;
  #flowing = true;
  #published = false;
  #cause: StateCause = 'no-publisher';
  #stats: PublisherStats | undefined;
  #sinceMs = Date.now();
  #key = '';

  /** The picture that viewers were given, stalled or not. */
  get picture(): LivePicture | undefined {
    return this.#picture;
  }

  get published(): boolean {
    return this.#published;
  }

  live(picture: LivePicture): void {
    this.#published = true;
    this.#picture = picture;
    this.#flowing = true;
    this.#stats = undefined;
  }

  /** Somebody publishes, but viewers have nothing. */
  covered(cause: StateCause): void {
    this.#published = true;
    this.#picture = undefined;
    this.#cause = cause;
    this.#stats = undefined;
  }

  /** Whether packets of the picture arrive; `cause` says why not. */
  flow(flowing: boolean, cause: StateCause): void {
    this.#flowing = flowing;
    if (!flowing) this.#cause = cause;
  }

  stats(stats: PublisherStats): void {
    this.#stats = stats;
  }

  off(cause: StateCause): void {
    this.#published = false;
    this.#picture = undefined;
    this.#cause = cause;
    this.#stats = undefined;
  }

  state(viewers: number): RoomState {
    const mode = this.#mode();
    const live = mode === 'edge' || mode === 'server';
    const picture = live ? this.#picture : undefined;
    this.#stamp(`${mode} ${live ? '' : this.#cause}`);
    return {
      live,
      mode,
      sinceMs: this.#sinceMs,
      viewers,
      ...(live ? {} : { cause: this.#cause }),
      ...(picture && {
        epoch: picture.epoch,
        profile: picture.terms.profile,
        holdMs: picture.terms.holdMs,
      }),
      ...(live && this.#stats && { publisher: this.#stats }),
    };
  }

  #mode(): RoomState['mode'] {
    if (!this.#published) return 'off';
    return this.#picture && this.#flowing ? this.#picture.terms.mode : 'covered';
  }

  #stamp(key: string): void {
    if (key === this.#key) return;
    this.#key = key;
    this.#sinceMs = Date.now();
  }
}
