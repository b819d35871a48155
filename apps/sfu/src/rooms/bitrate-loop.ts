import type { Audience } from './audience.ts';
import { BitrateGuide } from './bitrate-guide.ts';
import type { LivePicture } from './publication.ts';

const EVERY_MS = 2000;
/** Below it even a small picture falls apart. */
const LEAST_BPS = 300_000;

/** While a server epoch is live, asks every viewer's path what it carries. Scoped by `close()`. */
export class BitrateLoop {
  readonly #audience: Audience;
  readonly #picture: LivePicture;
  readonly #guide: BitrateGuide;
  readonly #apply: (bps: number) => void;
  #timer: NodeJS.Timeout | undefined;
  #closed = false;

  constructor(options: {
    readonly audience: Audience;
    readonly picture: LivePicture;
    readonly mostBps: number;
    readonly apply: (bps: number) => void;
  }) {
    const { audience, picture, mostBps, apply } = options;
    this.#audience = audience;
    this.#picture = picture;
    this.#apply = apply;
    this.#guide = new BitrateGuide({ leastBps: Math.min(LEAST_BPS, mostBps), mostBps });
    this.#again();
  }

  /** Idempotent. */
  close(): void {
    this.#closed = true;
    clearTimeout(this.#timer);
  }

  #again(): void {
    this.#timer = setTimeout(() => void this.#step(), EVERY_MS);
  }

  async #step(): Promise<void> {
    const [estimatesBps, sentBps] = await Promise.all([
      this.#audience.estimatesBps(),
      this.#picture.producer.bitrateBps(),
    ]);
    if (this.#closed) return;
    if (sentBps !== undefined) this.#apply(this.#guide.step(estimatesBps, sentBps));
    this.#again();
  }
}
