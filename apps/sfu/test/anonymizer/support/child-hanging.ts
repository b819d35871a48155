import { runChild } from '../../../src/anonymizer/child/run-child.ts';
import { canaryDetector } from './canary-detector.ts';

runChild({
  openDetectors: (ids) =>
    Promise.resolve(ids.map((id) => canaryDetector(id, { lookMs: 30, fault: 'hangs' }))),
});
