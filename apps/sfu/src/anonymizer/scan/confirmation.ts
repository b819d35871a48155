import { iou, type Detection } from '@drape/anonymizer/core';

/** Overlap of two sightings of one thing, a look apart. */
const SAME_IOU = 0.2;

/**
 * A single sighting may be a drape or a lamp: what is seen again in the next look, about in the
 * same place, is a hit. Told once for each place, until it is gone.
 */
export class Confirmation {
  #last: readonly Detection[] = [];
  #told: readonly Detection[] = [];

  /** The detections of a look that are hits now. */
  next(detections: readonly Detection[]): Detection[] {
    const again = detections.filter((detection) => isAmong(detection, this.#last));
    const hits = again.filter((detection) => !isAmong(detection, this.#told));
    this.#last = detections;
    this.#told = again;
    return hits;
  }
}

function isAmong(detection: Detection, others: readonly Detection[]): boolean {
  return others.some(
    (other) => other.cls === detection.cls && iou(other.box, detection.box) >= SAME_IOU,
  );
}
