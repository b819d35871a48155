import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { mediaWorkerFile } from '../../worker/location.mjs';
import { type EngineOptions, MediaEngine } from '../../src/engine/index.ts';
import { silent } from './log.ts';

const root = fileURLToPath(new URL('../../../..', import.meta.url));
export const workerBin = mediaWorkerFile(root);
export const hasWorker = existsSync(workerBin);
/** For the title of what is skipped. */
export const unlessWorker = hasWorker ? '' : ' (skipped: no media worker; run "npm run setup")';

export function openEngine(options: Partial<EngineOptions> = {}): Promise<MediaEngine> {
  return MediaEngine.open({
    workerBin,
    workers: 1,
    listenIp: '127.0.0.1',
    announcedAddress: undefined,
    port: 0,
    log: silent,
    ...options,
  });
}
