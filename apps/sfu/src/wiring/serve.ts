import { setTimeout as delay } from 'node:timers/promises';
import { linkFor, openAccess } from '../access/index.ts';
import type { Config } from '../config/index.ts';
import { MediaEngine } from '../engine/index.ts';
import { announce, type HttpFront, openHttp, openRegistry, type Phase } from '../http/index.ts';
import type { Log } from '../log.ts';
import { DEFAULT_TIMES, Rooms } from '../rooms/index.ts';
import { Signalling } from '../signalling/index.ts';
import { openFileStore } from '../store/index.ts';
import { processPerStream } from './anonymizers.ts';
import { edgeModels } from './edge-models.ts';
import { openGate } from './gate.ts';
import { liveMetrics, mediaState } from './live-metrics.ts';
import { openScan } from './scans.ts';
import { streamMetrics } from './stream-metrics.ts';

/** How long a publisher or a viewer may be away before its session ends. */
const GRACE_MS = 15_000;
/** A warm anonymizer takes 0.4 GB; what else runs must not be pressed. */
const SPARE_NEEDS_BYTES = 2 * 1024 ** 3;
/** The pages take a few seconds to come up; without them the rest works all the same. */
const WEB_WAIT_MS = 60_000;

export interface Running {
  /** Idempotent: tells everybody, then closes in order. */
  stop(): Promise<void>;
}

/**
 * Opens everything, from the store to the public port, and says so once it is up.
 * @throws Error that says what to do; what was opened is closed again
 */
export async function serve(config: Config, version: string, log: Log): Promise<Running> {
  let phase: Phase = 'starting';
  await using opening = new AsyncDisposableStack();
  const store = openFileStore(config.dataDir);
  opening.defer(() => store.close());
  const { adminLinkDays, insideFrom, limits } = config;
  const access = await openAccess({ store, adminLinkDays, limits });
  const engine = await MediaEngine.open({
    workerBin: config.mediaWorkerBin,
    workers: config.workers,
    listenIp: config.rtcHost,
    announcedAddress: config.announcedAddress,
    port: config.rtcPort,
    log,
  });
  opening.defer(() => {
    engine.close();
  });
  const registry = openRegistry();
  const rooms = new Rooms({
    engine,
    openAnonymizer: processPerStream({
      ...(insideFrom === undefined ? {} : { insideFrom }),
      observe: streamMetrics(registry),
    }),
    openScan,
    models: edgeModels(config.webDir, log),
    limits: { maxViewers: limits.viewersPerRoom, maxBitrateBps: limits.maxBitrateBps },
    times: DEFAULT_TIMES,
    maySpare: () => process.availableMemory() > SPARE_NEEDS_BYTES,
    graceMs: GRACE_MS,
    log,
  });
  const http = await openHttp({
    config,
    version,
    access,
    log,
    registry,
    stateOf: (roomId) => rooms.state(roomId),
    phase: () => phase,
    checks: () => ({ media: mediaState(engine) }),
  });
  opening.defer(() => http.close());
  const signalling = new Signalling({
    httpServer: http.server,
    rooms,
    gate: openGate(access, config.trustProxy),
    allowsOrigin: (origin) => http.allowsOrigin(origin),
    log,
  });
  opening.defer(() => {
    signalling.close();
  });
  // First of all, so last in here: everybody is told why the connection ends.
  opening.defer(() => {
    rooms.close();
  });
  access.onEnding(({ tokenId, reason }) => {
    rooms.endToken(tokenId, reason);
  });
  access.onRoomDeleted((roomId) => {
    rooms.closeRoom(roomId);
  });
  liveMetrics(registry, { rooms, engine, signalling });
  await pagesUp(http);
  phase = 'running';
  const admin = await (process.argv.includes('--new-admin-link')
    ? access.createAdministrator()
    : access.createFirstAdministrator());
  const adminLink = admin && linkFor(http.url, { role: 'administrator', token: admin.token });
  announce({ url: http.url, ...(adminLink !== undefined && { adminLink }) });
  log.info({ url: http.url, workers: config.workers }, 'server is up');
  const closing = opening.move();
  return {
    stop: async () => {
      phase = 'stopping';
      await closing.disposeAsync();
    },
  };
}

async function pagesUp(http: HttpFront): Promise<void> {
  const untilMs = performance.now() + WEB_WAIT_MS;
  while (http.webState === 'starting' && performance.now() < untilMs) await delay(100);
}
