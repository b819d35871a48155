import {
  LiveError,
  type Refusal,
  type ReplyOf,
  type RequestName,
  type RequestOf,
  REQUESTS,
} from '@drape/contract';
import type { Log } from '../log.ts';
import { refusalOf } from './refusal.ts';
import { type BucketOptions, TokenBucket } from './token-bucket.ts';

export interface InboxLimits {
  readonly requests: BucketOptions;
  /** Requests of one client that wait for their turn. */
  readonly waiting: number;
  /** A request is answered within this, if only by `deadline`. */
  readonly deadlineMs: number;
  /** After so many refused for their rate alone, in a row, the client is put out. */
  readonly patience: number;
}

export const DEFAULT_INBOX: InboxLimits = {
  requests: { burst: 60, perSecond: 20 },
  waiting: 32,
  deadlineMs: 10_000,
  patience: 200,
};

export type Handle = <N extends RequestName>(name: N, request: RequestOf<N>) => Promise<ReplyOf<N>>;

/** One client's requests: counted, parsed, done one after another, each answered exactly once. */
export class Inbox {
  readonly #handle: Handle;
  readonly #limits: InboxLimits;
  readonly #log: Log;
  readonly #onFlood: () => void;
  readonly #bucket: TokenBucket;
  #last: Promise<unknown> = Promise.resolve();
  #waiting = 0;
  #refusedInARow = 0;

  constructor(options: {
    readonly handle: Handle;
    readonly limits: InboxLimits;
    readonly log: Log;
    /** It does not stop: put it out. */
    readonly onFlood: () => void;
  }) {
    this.#handle = options.handle;
    this.#limits = options.limits;
    this.#log = options.log;
    this.#onFlood = options.onFlood;
    this.#bucket = new TokenBucket(options.limits.requests, performance.now());
  }

  /** `name` and `args` as the client sent them. */
  async take(name: string, args: readonly unknown[]): Promise<void> {
    const ack = args.at(-1);
    const answer = typeof ack === 'function' ? (ack as (reply: unknown) => void) : undefined;
    const reply = await this.#reply(name, answer ? args.slice(0, -1) : args, answer !== undefined);
    answer?.(reply);
  }

  async #reply(
    name: string,
    args: readonly unknown[],
    acked: boolean,
  ): Promise<{ readonly ok: true } | Refusal> {
    try {
      this.#count();
      if (!acked) throw new LiveError('malformed', 'every request needs an ack');
      const request = parse(name, args);
      return { ok: true, ...(await this.#inTurn(request.name, request.body)) };
    } catch (error) {
      return refusalOf(error, this.#log);
    }
  }

  #count(): void {
    const waitMs = this.#bucket.take(performance.now());
    if (waitMs === 0 && this.#waiting < this.#limits.waiting) {
      this.#refusedInARow = 0;
      return;
    }
    if (++this.#refusedInARow >= this.#limits.patience) this.#onFlood();
    throw new LiveError('rate-limited', 'too many requests', { retryAfterMs: waitMs });
  }

  async #inTurn<N extends RequestName>(name: N, request: RequestOf<N>): Promise<ReplyOf<N>> {
    this.#waiting++;
    const turn = this.#last.then(() => this.#inTime(name, request));
    this.#last = turn.catch(() => undefined);
    try {
      return await turn;
    } finally {
      this.#waiting--;
    }
  }

  async #inTime<N extends RequestName>(name: N, request: RequestOf<N>): Promise<ReplyOf<N>> {
    const late = Promise.withResolvers<never>();
    const timer = setTimeout(() => {
      late.reject(new LiveError('deadline', `${name} took too long`));
    }, this.#limits.deadlineMs);
    try {
      return await Promise.race([this.#handle(name, request), late.promise]);
    } finally {
      clearTimeout(timer);
    }
  }
}

interface Parsed<N extends RequestName> {
  readonly name: N;
  readonly body: RequestOf<N>;
}

function parse(name: string, args: readonly unknown[]): Parsed<RequestName> {
  if (!isRequest(name)) throw new LiveError('malformed', 'there is no such request');
  if (args.length > 1) throw new LiveError('malformed', `${name} takes one argument and an ack`);
  const parsed = REQUESTS[name].request.safeParse(args[0] ?? {});
  if (parsed.success) return { name, body: parsed.data };
  const [issue] = parsed.error.issues;
  const where = issue?.path.join('.') ?? '';
  throw new LiveError('malformed', `${name}: ${where} ${issue?.message ?? ''}`.slice(0, 300));
}

function isRequest(name: string): name is RequestName {
  return Object.hasOwn(REQUESTS, name);
}
