import { openDetectors } from '@drape/anonymizer/node';
import { runChild } from './run-child.ts';

/** Decoding, painting and coding come first; of the detectors, faces: theirs is the tightest cadence. */
const NICENESS: Readonly<Record<string, number>> = {
  'face-centerface': 3,
  'face-turned': 4,
  'text-ppocr': 5,
};
const USUAL_NICENESS = 8;

// The program of a stream's process, forked by openStreamAnonymizer. One thread for each
// detector: on two cores more of them wait for each other.
runChild({
  openDetectors: (ids) =>
    openDetectors(ids, { threads: 1, niceness: (id) => NICENESS[id] ?? USUAL_NICENESS }),
});
