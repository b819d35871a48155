import type { EdgeFailing } from '../api.ts';
/** Tells when the source is gone. Gives a function that stops watching. */
export declare function watchSource(
  source: MediaStreamTrack,
  report: (reason: EdgeFailing, detail: string) => void,
): () => void;
