import { Counter, Gauge, type Registry } from 'prom-client';
import type { MediaEngine } from '../engine/index.ts';
import type { Rooms } from '../rooms/index.ts';
import type { Signalling } from '../signalling/index.ts';

export interface LiveParts {
  readonly rooms: Rooms;
  readonly engine: MediaEngine;
  readonly signalling: Signalling;
}

/** Reads the parts' own counts whenever somebody collects. */
export function liveMetrics(registry: Registry, { rooms, engine, signalling }: LiveParts): void {
  const gauge = (name: string, help: string, read: () => number): void => {
    new Gauge({
      name: `drape_${name}`,
      help,
      registers: [registry],
      collect() {
        this.set(read());
      },
    });
  };
  const counter = (name: string, help: string, read: () => number): void => {
    new Counter({
      name: `drape_${name}_total`,
      help,
      registers: [registry],
      collect() {
        this.reset();
        this.inc(read());
      },
    });
  };
  gauge('connections', 'Open signalling connections.', () => signalling.stats().connections);
  gauge('rooms', 'Rooms that somebody is in.', () => rooms.stats().rooms);
  gauge('rooms_live', 'Rooms whose viewers get a picture.', () => rooms.stats().liveRooms);
  gauge('sessions', 'Sessions, those that are away included.', () => rooms.stats().sessions);
  gauge('viewers', 'Sessions that watch.', () => rooms.stats().viewers);
  gauge('media_workers_running', 'Media workers that run.', () => running(engine));
  counter('sessions_opened', 'Sessions opened.', () => rooms.stats().sessionsOpened);
  counter(
    'sessions_resumed',
    'Reconnections that found their session.',
    () => rooms.stats().sessionsResumed,
  );
  counter('epochs', 'Epochs that viewers were shown.', () => rooms.stats().epochs);
  counter(
    'residual_hits',
    'Sightings in covered pictures.',
    () => rooms.stats().incidents['residual-hit'],
  );
  counter(
    'anonymizers_ended',
    'Anonymizers that ended unasked, or did not start.',
    () => rooms.stats().incidents['anonymizer-ended'],
  );
  counter(
    'stalls',
    'Live pictures that stopped.',
    () => rooms.stats().incidents['publisher-stalled'],
  );
  counter('media_worker_deaths', 'Media workers that died.', () =>
    engine.stats().workers.reduce((sum, { deaths }) => sum + deaths, 0),
  );
}

/** `ok`, or what is wrong, for `/health`. */
export function mediaState(engine: MediaEngine): string {
  const { workers } = engine.stats();
  const missing = workers.length - running(engine);
  return missing === 0 ? 'ok' : `${missing} of ${workers.length} media workers are being restarted`;
}

function running(engine: MediaEngine): number {
  return engine.stats().workers.filter((worker) => worker.running).length;
}
