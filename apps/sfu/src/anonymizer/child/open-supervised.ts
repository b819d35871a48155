import { availableParallelism } from 'node:os';
import {
  DetectorError,
  SupervisedDetector,
  type Clock,
  type Detector,
} from '@drape/anonymizer/core';
import { FEW_CORES } from '@drape/anonymizer/node';

const WARM_LIMIT_MS = 60_000;
const CLOCK: Clock = {
  nowMs: () => performance.now(),
  after: (ms, act) => {
    const timer = setTimeout(act, ms);
    return () => {
      clearTimeout(timer);
    };
  },
};

/** Opens a detector of each id, or rejects with a DetectorError. */
export type OpenDetectors = (ids: readonly string[]) => Promise<Detector[]>;

/**
 * Warm detectors, each opened again where it dies or hangs; until then its looks fail. One after
 * the other with two cores: whoever is live meanwhile, here or in a browser, needs the other one.
 */
export async function openSupervised(
  ids: readonly string[],
  openDetectors: OpenDetectors,
): Promise<SupervisedDetector[]> {
  const openOne = (id: string): Promise<SupervisedDetector> => {
    const open = async (): Promise<Detector> => {
      const [detector] = await openDetectors([id]);
      if (detector) return detector;
      throw new DetectorError(id, 'model-missing');
    };
    const warmth = { warmUps: 1, warmLimitMs: WARM_LIMIT_MS };
    return SupervisedDetector.open({ open, clock: CLOCK, ...warmth });
  };
  if (availableParallelism() > FEW_CORES) return await Promise.all(ids.map(openOne));
  const opened: SupervisedDetector[] = [];
  for (const id of ids) opened.push(await openOne(id));
  return opened;
}
