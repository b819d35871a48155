import { setLogEventListeners } from 'mediasoup';
import { LiveError } from '@drape/contract';
import { ROOM_CODECS, VIDEO_CODECS } from './codecs.ts';
import { media } from './failures.ts';
import type { Log } from '../log.ts';
import { RoomMedia } from './room-media.ts';
import { WorkerSlot } from './worker-slot.ts';

export interface EngineOptions {
  readonly workerBin: string | undefined;
  /** How many worker processes, one core each. */
  readonly workers: number;
  readonly listenIp: string;
  readonly announcedAddress: string | undefined;
  /** Worker number i listens on `port + i`, UDP and TCP; 0: any free ports. */
  readonly port: number;
  readonly log: Log;
}

export interface EngineStats {
  readonly workers: readonly {
    readonly rooms: number;
    readonly deaths: number;
    /** False while a successor is being started. */
    readonly running: boolean;
  }[];
}

/** A client waits no longer than this for a worker that is being replaced. */
const WORKER_WAIT_MS = 8000;

/** All media workers of this server. */
export class MediaEngine {
  readonly #slots: readonly WorkerSlot[];
  #closed = false;

  private constructor(slots: readonly WorkerSlot[]) {
    this.#slots = slots;
  }

  /** Rejects with Error naming the port or the program when a worker does not come up. */
  static async open(options: EngineOptions): Promise<MediaEngine> {
    forwardLogs(options.log);
    const { workers, port, ...common } = options;
    const opened = await Promise.allSettled(
      Array.from({ length: workers }, (_, i) =>
        WorkerSlot.open({ ...common, port: port === 0 ? 0 : port + i }),
      ),
    );
    const slots = opened.flatMap((slot) => (slot.status === 'fulfilled' ? [slot.value] : []));
    const failed = opened.find((slot) => slot.status === 'rejected');
    if (failed) {
      for (const slot of slots) slot.close();
      throw failed.reason;
    }
    return new MediaEngine(slots);
  }

  /**
   * Both routers of a room, on the worker with the fewest rooms. `onLost` is called once if that
   * worker dies: everything on it is gone then, and a new RoomMedia can be opened.
   */
  async openRoom(events: { readonly onLost: () => void }): Promise<RoomMedia> {
    if (this.#closed) throw new LiveError('shutting-down', 'the media engine is closed');
    const slot = this.#slots.reduce((least, next) => (next.rooms < least.rooms ? next : least));
    slot.rooms++;
    try {
      const { worker, webRtcServer } = await within(slot.running(), WORKER_WAIT_MS);
      return await media('open the room', async () => {
        const ingest = await worker.createRouter({ mediaCodecs: VIDEO_CODECS });
        const room = await worker.createRouter({ mediaCodecs: ROOM_CODECS });
        return new RoomMedia(
          { worker, webRtcServer, ingest, room },
          {
            onLost: events.onLost,
            onClosed: () => slot.rooms--,
          },
        );
      });
    } catch (error) {
      slot.rooms--;
      throw error;
    }
  }

  stats(): EngineStats {
    return {
      workers: this.#slots.map(({ rooms, deaths, up }) => ({ rooms, deaths, running: up })),
    };
  }

  /** Idempotent. Ends the workers; rooms on them are not told that they are lost. */
  close(): void {
    this.#closed = true;
    for (const slot of this.#slots) slot.close();
  }
}

async function within<T>(promise: Promise<T>, ms: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(new LiveError('media-unavailable', 'the media worker is being restarted'));
    }, ms);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}

function forwardLogs(log: Log): void {
  setLogEventListeners({
    onwarn: (namespace, line) => {
      log.warn({ namespace, line }, 'mediasoup warns');
    },
    onerror: (namespace, line, err) => {
      log.error({ namespace, line, err }, 'mediasoup reports an error');
    },
  });
}
