import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { LiveError, type RoomState } from '@drape/contract';
import type { Registry } from 'prom-client';
import { clientAddress, PerMinute, type Access, type Grant } from '../access/index.ts';
import { publicUrl, type Config } from '../config/index.ts';
import type { Log } from '../log.ts';
import { apiRoutes } from './api.ts';
import { healthOf, type Phase } from './health.ts';
import { requestMetrics, type CountRequest } from './metrics.ts';
import { originGuard } from './origins.ts';
import { isFromHere, pathOf } from './requests.ts';
import { refuseMethod, sendError, sendJson } from './respond.ts';
import { findRoute, type Route } from './routes.ts';
import { closeListener, createListener, listen } from './server.ts';
import { WebProxy } from './web/proxy.ts';
import { nextProgram, WebServer, type WebProgram } from './web/web-server.ts';

export interface HttpOptions {
  readonly config: Config;
  readonly version: string;
  readonly access: Access;
  readonly log: Log;
  readonly registry: Registry;
  /** What the rooms say of one; `off` for those that nobody entered. */
  readonly stateOf: (roomId: string) => RoomState;
  readonly phase: () => Phase;
  /** `ok`, or what is wrong, for the parts behind this one. The pages are added here. */
  readonly checks: () => Readonly<Record<string, string>>;
  /** What serves the pages, `next start` unless given. */
  readonly web?: WebProgram;
}

/**
 * Listens, and starts the process of the pages; it is up before that is.
 * @throws Error that says what to do when the port can't be had
 */
export async function openHttp(options: HttpOptions): Promise<HttpFront> {
  const front = new HttpFront(options);
  await front.listen();
  return front;
}

/** The one public origin: API, health, metrics and pages. The sockets attach to `server`. */
export class HttpFront {
  readonly server: Server;
  readonly #options: HttpOptions;
  readonly #routes: readonly Route[];
  readonly #requests: PerMinute;
  readonly #count: CountRequest;
  readonly #proxy = new WebProxy();
  readonly #startedAt = performance.now();
  #web: WebServer | undefined;
  #url = '';
  #allowsOrigin: (origin: string | undefined) => boolean = () => false;

  constructor(options: HttpOptions) {
    const { config, access, stateOf, registry } = options;
    this.#options = options;
    this.#routes = apiRoutes({ access, stateOf, origin: () => this.#url });
    this.#requests = new PerMinute(config.limits.requestsPerMinute, 'Too many requests: wait.');
    this.#count = requestMetrics(registry);
    this.server = createListener(config, (request, response) => {
      this.#take(request, response);
    });
  }

  /** The origin that people use. */
  get url(): string {
    return this.#url;
  }

  /** `ok`, or what is wrong with the pages. */
  get webState(): string {
    return this.#web?.state ?? 'starting';
  }

  allowsOrigin(origin: string | undefined): boolean {
    return this.#allowsOrigin(origin);
  }

  async listen(): Promise<void> {
    const { config, log, web } = this.#options;
    const port = await listen(this.server, config);
    this.#url = publicUrl(config, port);
    this.#allowsOrigin = originGuard(config, this.#url, port);
    this.#web = new WebServer(web ?? nextProgram(config.webDir), log);
  }

  /** Idempotent. Resolves when no connection and no process is left. */
  async close(): Promise<void> {
    await Promise.all([closeListener(this.server), this.#web?.close()]);
  }

  #take(request: IncomingMessage, response: ServerResponse): void {
    const startedAt = performance.now();
    const call = { request, response, route: 'page' };
    response.once('close', () => {
      const durationS = (performance.now() - startedAt) / 1000;
      const { method = '?' } = request;
      this.#count({ method, route: call.route, status: response.statusCode, durationS });
    });
    this.#answer(call).catch((error: unknown) => {
      sendError(response, error, this.#options.log);
    });
  }

  async #answer(call: Exchange): Promise<void> {
    const { request, response } = call;
    const path = pathOf(request);
    if (path === '/health') {
      call.route = path;
      this.#health(response);
    } else if (path === '/metrics') {
      call.route = path;
      await this.#metrics(call);
    } else if (path === '/api' || path.startsWith('/api/')) {
      call.route = '/api';
      await this.#api(call, path);
    } else if (request.method === 'GET' || request.method === 'HEAD') {
      await this.#proxy.handle(request, response, () => this.#web?.origin);
    } else {
      refuseMethod(response, ['GET']);
    }
  }

  async #api(call: Exchange, path: string): Promise<void> {
    const { request, response } = call;
    if (!this.#allowsOrigin(request.headers.origin)) {
      throw new LiveError(
        'forbidden',
        'This page is not one of this server: see DRAPE_PUBLIC_URL.',
      );
    }
    const grant = await this.#authenticate(request);
    await this.#requests.count(grant.tokenId);
    const found = findRoute(this.#routes, request.method ?? '', path);
    if ('allowed' in found) {
      refuseMethod(response, found.allowed);
      return;
    }
    call.route = found.route.path;
    const { only } = found.route;
    if (only !== undefined && grant.role !== only) {
      throw new LiveError('forbidden', `Only an ${only} may do this.`);
    }
    const { status, body } = await found.route.handle({ request, grant, id: found.id });
    sendJson(response, status, body);
  }

  #authenticate(request: IncomingMessage): Promise<Grant> {
    const bearer = /^Bearer ([\w.-]+)$/i.exec(request.headers.authorization ?? '')?.[1];
    return this.#options.access.authenticate(bearer, this.#addressOf(request));
  }

  #health(response: ServerResponse): void {
    const { phase, version, checks } = this.#options;
    const uptimeS = Math.round((performance.now() - this.#startedAt) / 1000);
    const all = { ...checks(), web: this.webState };
    const { status, body } = healthOf({ phase: phase(), version, uptimeS, checks: all });
    sendJson(response, status, body);
  }

  /** For administrators, and for a collector on this machine. */
  async #metrics({ request, response }: Exchange): Promise<void> {
    if (!isFromHere(request)) {
      const { role } = await this.#authenticate(request);
      if (role !== 'administrator') throw new LiveError('forbidden', 'Only an administrator may.');
    }
    const { registry } = this.#options;
    const text = await registry.metrics();
    response.writeHead(200, { 'Content-Type': registry.contentType, 'Cache-Control': 'no-store' });
    response.end(text);
  }

  #addressOf({ socket, headers }: IncomingMessage): string {
    const { trustProxy } = this.#options.config;
    return clientAddress({ address: socket.remoteAddress ?? '', headers }, trustProxy);
  }
}

interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  /** For the metrics. */
  route: string;
}
