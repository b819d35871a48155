import { openDetectors } from '@drape/anonymizer/node';
import { runScan } from './run-scan.ts';

// The program of a scan's process, forked by openResidualScan.
runScan({ openDetectors: (ids) => openDetectors(ids, { threads: 1 }) });
