import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import { LiveError } from '@drape/contract';

/** So many in a minute for each key; counted in memory, forgotten at a restart. */
export class PerMinute {
  readonly #limiter: RateLimiterMemory;
  readonly #message: string;

  constructor(points: number, message: string) {
    this.#limiter = new RateLimiterMemory({ points, duration: 60 });
    this.#message = message;
  }

  /** @throws LiveError `rate-limited`, with when to try again */
  async count(key: string): Promise<void> {
    try {
      await this.#limiter.consume(key);
    } catch (error) {
      if (!(error instanceof RateLimiterRes)) throw error;
      throw new LiveError('rate-limited', this.#message, {
        retryAfterMs: Math.max(1, Math.ceil(error.msBeforeNext)),
      });
    }
  }
}
