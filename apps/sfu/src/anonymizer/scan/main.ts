import { setPriority } from 'node:os';
import { openDetectors } from '@drape/anonymizer/node';
import { runScan } from './run-scan.ts';

/** Nobody waits for a second pair of eyes. */
const NICENESS = 10;

// The program of a scan's process, forked by openResidualScan.
setPriority(NICENESS);
runScan({ openDetectors: (ids) => openDetectors(ids, { threads: 1 }) });
