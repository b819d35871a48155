import { openDetectors } from '@drape/anonymizer/node';
import { runChild } from './run-child.ts';

/** Decoding, painting and coding come first; of the detectors, faces: theirs is the tightest cadence. */
const NICENESS: Readonly<Record<string, number>> = { 'face-centerface': 3, 'text-ppocr': 5 };
const USUAL_NICENESS = 8;

// The program of a stream's process, forked by openStreamAnonymizer. One thread for each
// detector: on two cores more of them wait for each other.
runChild({
  openDetectors: async (ids) => {
    const opened = ids.map((id) =>
      openDetectors([id], { threads: 1, niceness: NICENESS[id] ?? USUAL_NICENESS }),
    );
    return (await Promise.all(opened)).flat();
  },
});
