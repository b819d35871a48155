import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { healthSchema } from '@drape/contract';
import { ProbeError } from '../errors.ts';
import { Api } from './api.ts';
import { freePort } from './free-port.ts';
import { ServerProcess } from './process.ts';

/** `next start` on a busy machine takes its time. */
const START_LIMIT_MS = 90_000;
const STOP_LIMIT_MS = 15_000;
const ADMIN_LINK = /\/admin#t=([\w.~-]+)/;

export interface ServersOptions {
  readonly env?: Readonly<Record<string, string>>;
  /** Stops them, so that whatever waits for them ends. */
  readonly signal?: AbortSignal;
}

/** The real servers, on free ports of the loopback address, with a data folder of their own. */
export class Servers implements AsyncDisposable {
  readonly origin: string;
  readonly #folder: string;
  readonly #env: Readonly<Record<string, string>>;
  #process: ServerProcess;
  #adminToken: string | undefined;

  private constructor(folder: string, port: number, env: Readonly<Record<string, string>>) {
    this.#folder = folder;
    this.origin = `http://127.0.0.1:${port}`;
    this.#env = {
      DRAPE_HOST: '127.0.0.1',
      DRAPE_PORT: String(port),
      DRAPE_RTC_PORT: '0',
      DRAPE_WORKERS: '1',
      DRAPE_DATA_DIR: folder,
      ...env,
    };
    this.#process = new ServerProcess(this.#env);
  }

  /** Throws ProbeError 'servers-failed' with the last lines that they printed. */
  static async start(options: ServersOptions = {}): Promise<Servers> {
    const { env = {}, signal } = options;
    signal?.throwIfAborted();
    const folder = await mkdtemp(join(tmpdir(), 'drape-servers-'));
    const servers = new Servers(folder, await freePort(), env);
    signal?.addEventListener('abort', () => void servers.#process.stop(STOP_LIMIT_MS));
    try {
      await servers.#untilReady();
      return servers;
    } catch (error) {
      await servers[Symbol.asyncDispose]();
      throw error;
    }
  }

  /** Process id of the media server; what it started are its children. */
  get pid(): number {
    return this.#process.child.pid ?? -1;
  }

  /** The latest lines that it printed. */
  get lines(): readonly string[] {
    return this.#process.lines;
  }

  get api(): Api {
    return new Api(this.origin, this.#token);
  }

  /** As it was told once at the first start. */
  get adminLink(): string {
    return new URL(`/admin#t=${this.#token}`, this.origin).href;
  }

  get #token(): string {
    if (this.#adminToken !== undefined) return this.#adminToken;
    throw new ProbeError('servers-failed', 'the servers told no administrator link at start.');
  }

  /** Kills the media server, as a crash would; what it started has to go by itself. */
  async crash(): Promise<void> {
    this.#process.child.kill('SIGKILL');
    await this.#process.ended;
  }

  /** Starts it again, on the same port and the same data. */
  async restart(): Promise<void> {
    if (!this.#process.hasEnded) await this.#process.stop(STOP_LIMIT_MS);
    this.#process = new ServerProcess(this.#env);
    await this.#untilReady();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#process.stop(STOP_LIMIT_MS);
    await rm(this.#folder, { recursive: true, force: true });
  }

  async #untilReady(): Promise<void> {
    const until = performance.now() + START_LIMIT_MS;
    for (;;) {
      if (this.#process.hasEnded) throw this.#failed(await this.#process.ended);
      const token = ADMIN_LINK.exec(this.lines.join('\n'))?.[1];
      this.#adminToken ??= token;
      if (this.#adminToken !== undefined && (await this.#isHealthy())) return;
      if (performance.now() > until) throw this.#failed('they were not ready in time');
      await wait(200);
    }
  }

  async #isHealthy(): Promise<boolean> {
    const answer = await fetch(new URL('/health', this.origin)).catch(() => undefined);
    if (!answer?.ok) return false;
    const { checks } = healthSchema.parse(await answer.json());
    // The rest may be degraded for a cause that is tested; without pages there is no test.
    return checks['web'] === 'ok';
  }

  #failed(how: string): ProbeError {
    const lines = this.lines.filter((line) => !ADMIN_LINK.test(line));
    const tail = lines.slice(-20).join('\n');
    return new ProbeError('servers-failed', `The servers can't be used: ${how}\n${tail}`);
  }
}
