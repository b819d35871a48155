import * as z from 'zod';
import { StreamAnonymizerError } from '../errors.ts';
import { Listeners } from '../listeners.ts';
import type { OpenParts } from '../open-stream-anonymizer.ts';
import { startRace } from '../start-race.ts';
import { SUPERVISION, SupervisedProcess } from '../supervised-process.ts';
import { fromScanSchema, scanOptionsSchema, type FromScan, type ScanOptions } from './messages.ts';
import type { ScanHit, ToScan } from './messages.ts';

const START_LIMIT_MS = 60_000;
const PROGRAM = new URL('./main.ts', import.meta.url);

export interface ScanEvents extends Record<string, unknown[]> {
  /** Something that should have been covered was seen in two looks in a row. */
  hit: [ScanHit];
  /** A look ended; the number of looks so far. */
  looked: [number];
  'keyframe-wanted': [];
  /** It is gone without having been closed. At most once. */
  ended: [StreamAnonymizerError];
}

/** A second pair of eyes on what viewers get, in a process of its own. */
export interface ResidualScan {
  readonly pid: number;
  /** Where it listens for the room's covered stream; RTCP shares the port. */
  readonly listen: { readonly ip: string; readonly port: number };
  /** Gives a function that takes the listener away again. */
  on<Name extends keyof ScanEvents>(
    name: Name,
    listener: (...args: ScanEvents[Name]) => void,
  ): () => void;
  /** Resolves when the process is gone. Idempotent. */
  close(): Promise<void>;
}

/** Starts a scan. @throws StreamAnonymizerError; the process is gone then */
export async function openResidualScan(
  options: ScanOptions & { readonly signal?: AbortSignal },
  parts: OpenParts = {},
): Promise<ResidualScan> {
  const { signal, ...given } = options;
  const parsed = scanOptionsSchema.safeParse(given);
  if (!parsed.success) {
    throw new StreamAnonymizerError('bad-options', z.prettifyError(parsed.error));
  }
  const listeners = new Listeners<ScanEvents>();
  const ready = Promise.withResolvers<Extract<FromScan, { type: 'ready' }>>();
  let isOpen = false;
  const process = new SupervisedProcess<FromScan>({
    program: parts.program ?? PROGRAM,
    isLive: false,
    schema: fromScanSchema,
    supervision: { ...SUPERVISION, ...parts.supervision },
    onMessage: (message) => {
      switch (message.type) {
        case 'ready':
          process.watch();
          ready.resolve(message);
          return;
        case 'failed':
          process.fail(message.reason === 'failed' ? 'crashed' : message.reason, message.message);
          return;
        case 'hit':
          listeners.emit('hit', message.hit);
          return;
        case 'looked':
          listeners.emit('looked', message.looks);
          return;
        case 'keyframe-wanted':
          listeners.emit('keyframe-wanted');
          return;
        case 'pong':
      }
    },
  });
  const close = async (): Promise<void> => {
    isOpen = false;
    await process.close();
  };
  process.send({ type: 'start', options: parsed.data } satisfies ToScan);
  try {
    const limitMs = parts.startLimitMs ?? START_LIMIT_MS;
    const { listen } = await startRace(ready.promise, process.ended, { signal, limitMs });
    isOpen = true;
    void process.ended.then((error) => {
      if (isOpen) listeners.emit('ended', error);
    });
    return {
      pid: process.pid ?? 0,
      listen,
      on: (name, listener) => listeners.on(name, listener),
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}
