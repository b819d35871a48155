import { openDetectors } from '@drape/anonymizer/node';
import type { ProbeAnswer } from './finding.ts';

/** Opens a detector and runs it once. */
export async function probeDetector(id: string): Promise<ProbeAnswer> {
  const detectors = await openDetectors([id], { threads: 1 });
  try {
    const startedMs = performance.now();
    await Promise.all(detectors.map((detector) => detector.warmUp()));
    const classes = detectors.flatMap((detector) => detector.info.classes);
    const ms = Math.round(performance.now() - startedMs);
    return { state: 'ok', detail: `finds ${classes.join(', ')}; first run ${ms} ms` };
  } finally {
    await Promise.all(detectors.map((detector) => detector.close()));
  }
}
