import { openDetectors } from '@drape/anonymizer/node';
import { runChild } from './run-child.ts';

/**
 * Decoding, painting and coding come first; of the detectors, those that every frame waits for.
 * What the others decide holds for longer than their looks take.
 */
const NICENESS: Readonly<Record<string, number>> = {
  'face-centerface': 3,
  'person-centernet': 3,
  'text-ppocr': 6,
  'code-zxing': 6,
};
const USUAL_NICENESS = 15;

// The program of a stream's process, forked by openStreamAnonymizer. One thread for each
// detector: on two cores more of them wait for each other.
runChild({
  openDetectors: (ids) =>
    openDetectors(ids, { threads: 1, niceness: (id) => NICENESS[id] ?? USUAL_NICENESS }),
});
