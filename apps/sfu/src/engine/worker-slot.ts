import { LiveError } from '@drape/contract';
import { createWorker, type types } from 'mediasoup';
import type { Log } from '../log.ts';

export interface WorkerOptions {
  /** mediasoup-worker's path; undefined: the one that mediasoup's own installation brought. */
  readonly workerBin: string | undefined;
  /** Address to listen on for WebRTC, and the one that clients are told where it differs. */
  readonly listenIp: string;
  readonly announcedAddress: string | undefined;
  /** UDP and TCP port of this worker; 0 takes any free one. */
  readonly port: number;
  readonly log: Log;
}

export interface RunningWorker {
  readonly worker: types.Worker;
  readonly webRtcServer: types.WebRtcServer;
}

/** A worker that lived this long is replaced at once when it dies. */
const HEALTHY_AFTER_MS = 10_000;
const BACKOFF_MS = [0, 200, 1000, 5000] as const;

/** One mediasoup worker and its WebRtcServer; a worker that dies is replaced. */
export class WorkerSlot {
  /** Rooms on it; the engine balances by this. */
  rooms = 0;
  #deaths = 0;
  #up = true;
  #quickDeaths = 0;
  readonly #options: WorkerOptions;
  #running: Promise<RunningWorker>;
  #closed = false;
  #timer: NodeJS.Timeout | undefined;

  private constructor(options: WorkerOptions, first: RunningWorker) {
    this.#options = options;
    this.#running = Promise.resolve(first);
    this.#watch(first.worker);
  }

  /** Rejects with Error naming the port or the program when the worker does not come up. */
  static async open(options: WorkerOptions): Promise<WorkerSlot> {
    return new WorkerSlot(options, await startWorker(options));
  }

  get deaths(): number {
    return this.#deaths;
  }

  /** False while a successor is being started. */
  get up(): boolean {
    return this.#up;
  }

  /** The worker, or its successor as soon as that runs. */
  running(): Promise<RunningWorker> {
    return this.#running;
  }

  /** Idempotent. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    clearTimeout(this.#timer);
    const over = this.#running;
    this.#running = Promise.reject(new LiveError('shutting-down', 'the media engine is closed'));
    this.#running.catch(() => undefined);
    over
      .then(({ worker }) => {
        worker.close();
      })
      .catch(() => undefined);
  }

  #watch(worker: types.Worker): void {
    const sinceMs = performance.now();
    worker.once('died', (error) => {
      if (this.#closed) return;
      this.#deaths++;
      this.#up = false;
      this.#quickDeaths =
        performance.now() - sinceMs < HEALTHY_AFTER_MS ? this.#quickDeaths + 1 : 0;
      this.#options.log.error({ err: error, pid: worker.pid }, 'media worker died');
      this.#running = this.#restart();
      this.#running.catch(() => undefined);
    });
  }

  async #restart(): Promise<RunningWorker> {
    for (;;) {
      const waitMs = BACKOFF_MS[Math.min(this.#quickDeaths, BACKOFF_MS.length - 1)] ?? 0;
      await new Promise((done) => (this.#timer = setTimeout(done, waitMs)));
      try {
        const running = await startWorker(this.#options);
        // Closed while it came up: nobody else would end it.
        if (this.#closed) running.worker.close();
        else this.#watch(running.worker);
        this.#up = true;
        this.#options.log.info({ pid: running.worker.pid }, 'media worker runs again');
        return running;
      } catch (error) {
        this.#quickDeaths++;
        this.#options.log.error({ err: error }, 'media worker did not start');
      }
    }
  }
}

async function startWorker(options: WorkerOptions): Promise<RunningWorker> {
  const { workerBin, listenIp: ip, announcedAddress, port, log } = options;
  const worker = await createWorker({
    logLevel: 'warn',
    ...(workerBin === undefined ? {} : { workerBin }),
  }).catch((cause: unknown) => {
    const which = workerBin ?? 'mediasoup-worker';
    throw new Error(`${which} does not run; "npm run setup" makes one for this machine`, { cause });
  });
  try {
    const at = { ip, port, ...(announcedAddress === undefined ? {} : { announcedAddress }) };
    const webRtcServer = await worker.createWebRtcServer({
      listenInfos: [
        { protocol: 'udp', ...at, recvBufferSize: RECEIVE_BUFFER_BYTES },
        { protocol: 'tcp', ...at },
      ],
    });
    log.debug({ pid: worker.pid, port }, 'media worker listens');
    return { worker, webRtcServer };
  } catch (cause) {
    worker.close();
    throw new Error(
      `cannot listen for WebRTC on ${ip} port ${port} (UDP and TCP): ${String(cause)}; ` +
        'set DRAPE_RTC_PORT or DRAPE_HOST',
      { cause },
    );
  }
}

/** A keyframe of several publishers at once fits; the kernel may allow less. */
const RECEIVE_BUFFER_BYTES = 4 * 1024 * 1024;
