import type { PlainFlow, RoomMedia } from '../engine/index.ts';
import type { Log } from '../log.ts';
import type { OpenScan, RoomScan, ScanHit } from './ports.ts';
import type { LivePicture } from './publication.ts';

/** A scan that ended, or did not start, is started again after this. */
const AGAIN_AFTER_MS = 10_000;

/** Lets the residual scan look at whatever viewers get, one epoch at a time. */
export class ScanGuard {
  readonly #roomId: string;
  readonly #openScan: OpenScan;
  readonly #log: Log;
  readonly #onHit: (picture: LivePicture, hit: ScanHit) => void;
  #present: { readonly picture: LivePicture; stop: () => void } | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(options: {
    readonly roomId: string;
    readonly openScan: OpenScan;
    readonly log: Log;
    readonly onHit: (picture: LivePicture, hit: ScanHit) => void;
  }) {
    this.#roomId = options.roomId;
    this.#openScan = options.openScan;
    this.#log = options.log;
    this.#onHit = options.onHit;
  }

  /** The scan that looked at the picture before ends. */
  watch(media: RoomMedia, picture: LivePicture): void {
    this.close();
    const present = { picture, stop: (): void => undefined };
    this.#present = present;
    this.#open(media, present).catch((error: unknown) => {
      // A second look is a help, not the law: the picture stays.
      this.#log.error({ err: error, epoch: picture.epoch }, 'residual scan did not start');
      this.#again(media, picture);
    });
  }

  /** Idempotent. */
  close(): void {
    clearTimeout(this.#timer);
    this.#present?.stop();
    this.#present = undefined;
  }

  #again(media: RoomMedia, picture: LivePicture): void {
    if (this.#present?.picture !== picture) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.watch(media, picture);
    }, AGAIN_AFTER_MS);
  }

  async #open(
    media: RoomMedia,
    present: { picture: LivePicture; stop: () => void },
  ): Promise<void> {
    const { epoch, producer } = present.picture;
    const tap = await media.openTap(producer);
    let scan: RoomScan | undefined;
    present.stop = () => {
      tap.close();
      void scan?.close();
    };
    try {
      scan = await this.#openScan(
        { roomId: this.#roomId, epoch, input: tap.description },
        this.#eventsOf(media, present.picture, tap),
      );
      if (this.#present === present) await tap.start(scan.listen);
      else present.stop();
    } catch (error) {
      present.stop();
      throw error;
    }
  }

  #eventsOf(media: RoomMedia, picture: LivePicture, tap: PlainFlow): Parameters<OpenScan>[1] {
    return {
      onHit: (hit) => {
        if (this.#present?.picture === picture) this.#onHit(picture, hit);
      },
      onKeyframeWanted: () => void tap.requestKeyframe(),
      onEnded: (reason) => {
        this.#log.error({ epoch: picture.epoch, reason }, 'residual scan ended');
        this.#again(media, picture);
      },
    };
  }
}
