import { mediaWorkerFile } from '../../worker/location.mjs';

/**
 * The mediasoup-worker to start: what MEDIASOUP_WORKER_BIN names if it is there, else what the set-up
 * fetched or built. Whether it exists is for the engine to see: without it there is no media, but pages.
 * @param root the project's folder
 */
export function mediaWorkerBin(root: string): string {
  return mediaWorkerFile(root);
}
