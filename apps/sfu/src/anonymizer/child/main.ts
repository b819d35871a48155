import { openDetectors } from '@drape/anonymizer/node';
import { runChild } from './run-child.ts';

// The program of a stream's process, forked by openStreamAnonymizer. One thread for each
// detector: on two cores more of them wait for each other.
runChild({ openDetectors: (ids) => openDetectors(ids, { threads: 1 }) });
