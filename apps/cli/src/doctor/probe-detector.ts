import { openAnyDetectors, pythonDetectorsAvailable } from '@drape/anonymizer/node';
import { failureOf } from '../failure.ts';
import type { ProbeAnswer } from './finding.ts';

/** Opens a detector and runs it once. */
export async function probeDetector(id: string): Promise<ProbeAnswer> {
  const detectors = await openAnyDetectors([id], { threads: 1 });
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

/**
 * Every detector that runs in Python. None of them is required by a profile, so one that does not
 * work is a notice; what brings it is said.
 */
export async function probePythonDetectors(): Promise<ProbeAnswer[]> {
  const { available, missing } = await pythonDetectorsAvailable();
  const answers: ProbeAnswer[] = missing.map(({ id, why, remedy }) => ({
    name: id,
    state: 'notice',
    detail: why,
    remedy,
  }));
  for (const id of available) {
    try {
      answers.push({ name: id, ...(await probeDetector(id)) });
    } catch (error) {
      answers.push({ name: id, state: 'notice', detail: failureOf(error).message });
    }
  }
  return answers;
}
