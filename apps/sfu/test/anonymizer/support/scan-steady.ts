import { runScan } from '../../../src/anonymizer/scan/run-scan.ts';
import { canaryDetector } from './canary-detector.ts';

runScan({
  openDetectors: (ids) =>
    Promise.resolve(ids.map((id) => canaryDetector(id, { lookMs: 30, fault: 'none' }))),
});
