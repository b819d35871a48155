/** Detectors that this carrier has. */
export const DETECTOR_IDS = [
  'face-centerface',
  'face-turned',
  'head-centerface',
  'person-centernet',
  'text-ppocr',
  'code-zxing',
  'view-gate',
] as const;
export type DetectorId = (typeof DETECTOR_IDS)[number];

/** What a detector's thread is started with. */
export interface ThreadStart {
  readonly id: DetectorId;
  /** Threads of the runtime, 1 or more. */
  readonly threads: number;
  /**
   * Added to the thread's nice value, 0 to 19 (Linux only: nowhere else has a thread its own).
   * Live detectors take every core for a while; what decodes and encodes must not wait for them.
   */
  readonly niceness?: number;
}
