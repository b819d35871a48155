import type {
  AnonymizedTrack,
  EdgeAnonymizer,
  EdgeCarrier,
  EdgeEvents,
  EdgeFailing,
} from '../api.ts';
import type { FromFrames } from '../messages.ts';
import { Emitter } from './emitter.ts';
import type { FramesWorker } from './frames-worker.ts';
import { Pulse } from './pulse.ts';
import { watchSource } from './watch-source.ts';

/** What the worker may take to give back its detectors. */
const CLOSE_LIMIT_MS = 2000;

interface EdgeParts {
  readonly source: MediaStreamTrack;
  readonly out: AnonymizedTrack;
  readonly carrier: EdgeCarrier;
  readonly models: EdgeAnonymizer['models'];
  readonly frames: FramesWorker;
  readonly stop: () => void;
  readonly hear?: (message: FromFrames) => void;
}

/** The page's side of a running edge. It never sees a raw pixel with the track processor. */
export class EdgeSession implements EdgeAnonymizer {
  readonly track: AnonymizedTrack;
  readonly carrier: EdgeCarrier;
  readonly models: EdgeAnonymizer['models'];
  readonly #parts: EdgeParts;
  readonly #events = new Emitter<EdgeEvents>();
  readonly #pulse: Pulse;
  readonly #stopWatching: () => void;
  readonly #gone = Promise.withResolvers<undefined>();
  #closing: Promise<void> | undefined;
  #state: 'running' | 'dead' | 'closed' = 'running';

  constructor(parts: EdgeParts) {
    this.#parts = parts;
    this.track = parts.out;
    this.carrier = parts.carrier;
    this.models = parts.models;
    parts.frames.listen({
      message: (message) => {
        this.#hear(message);
      },
      died: (detail) => {
        this.#die(detail);
      },
    });
    this.#pulse = new Pulse({
      carrier: parts.carrier,
      silent: () => {
        this.#die('no sign of life');
      },
      stalled: (detail) => {
        this.#fail('hidden', detail);
      },
    });
    this.#stopWatching = watchSource(parts.source, (reason, detail) => {
      this.#fail(reason, detail);
    });
  }

  on<N extends keyof EdgeEvents>(name: N, listener: (event: EdgeEvents[N]) => void): () => void {
    return this.#events.on(name, listener);
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    const wasRunning = this.#state === 'running';
    this.#state = 'closed';
    this.#end();
    if (wasRunning) {
      this.#parts.frames.post({ kind: 'close' });
      const timer = setTimeout(() => {
        this.#gone.resolve(undefined);
      }, CLOSE_LIMIT_MS);
      await this.#gone.promise;
      clearTimeout(timer);
    }
    this.#parts.frames.terminate();
    this.#events.clear();
  }

  #hear(message: FromFrames): void {
    if (message.kind === 'closed') this.#gone.resolve(undefined);
    if (this.#state !== 'running') return;
    switch (message.kind) {
      case 'state':
        this.#pulse.beat(message.state);
        this.#events.emit('state', message.state);
        break;
      case 'timeline':
        this.#events.emit('timeline', message.events);
        break;
      case 'failing':
        if (message.reason === 'worker-crashed') this.#die(message.detail);
        else this.#fail(message.reason, message.detail);
        break;
      default:
        this.#parts.hear?.(message);
    }
  }

  /** Ends what leaves: a dead worker's last frame must not stand for a picture. */
  #die(detail: string): void {
    if (this.#state !== 'running') return;
    this.#state = 'dead';
    this.#end();
    this.#parts.frames.terminate();
    this.#fail('worker-crashed', detail);
  }

  #end(): void {
    this.#pulse.stop();
    this.#stopWatching();
    this.#parts.stop();
  }

  #fail(reason: EdgeFailing, detail: string): void {
    this.#events.emit('failing', { reason, detail });
  }
}
