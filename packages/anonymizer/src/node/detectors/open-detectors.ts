import { DetectorError, type Detector } from '../../core/index.ts';
import { openThreadDetector } from './open-thread.ts';
import { DETECTOR_IDS, type DetectorId } from './detector-ids.ts';

/**
 * Opens detectors by id, each in a thread of its own; `threads` is what the runtime of each may
 * use, `niceness` how far the thread of each steps back (see ThreadStart). All or nothing: where one fails, the others are closed and its DetectorError is thrown
 * (`model-missing` where weights are not installed).
 */
export async function openDetectors(
  ids: readonly string[],
  {
    threads,
    niceness = () => 0,
  }: { readonly threads: number; readonly niceness?: (id: DetectorId) => number },
): Promise<Detector[]> {
  const wanted = ids.map(knownId);
  const results = await Promise.allSettled(
    wanted.map((id) => openThreadDetector({ id, threads, niceness: niceness(id) })),
  );
  const opened = results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
  const failed = results.find((result) => result.status === 'rejected');
  if (!failed) return opened;
  await Promise.all(opened.map((detector) => detector.close()));
  throw failed.reason;
}

function knownId(id: string): DetectorId {
  const known = DETECTOR_IDS.find((candidate) => candidate === id);
  if (known) return known;
  const detail = `there is no such detector; known are ${DETECTOR_IDS.join(', ')}`;
  throw new DetectorError(id, 'model-missing', { detail });
}
