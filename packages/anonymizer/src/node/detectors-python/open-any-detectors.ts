import type { Detector } from '@drape/anonymizer/core';
import { openDetectors } from '../detectors/index.ts';
import { PYTHON_DETECTOR_IDS } from './catalogue.ts';
import { openPythonDetectors } from './open-python-detectors.ts';

/**
 * Opens detectors by id, wherever they run, in the order of `ids`; `threads` is what one look may
 * use. All or nothing, like `openDetectors`: a detector that is asked for and can't run is a
 * DetectorError that says what brings it, never a shorter list.
 */
export async function openAnyDetectors(
  ids: readonly string[],
  { threads }: { readonly threads: number },
): Promise<Detector[]> {
  const inPython = ids.filter((id) => PYTHON_DETECTOR_IDS.includes(id));
  const here = ids.filter((id) => !PYTHON_DETECTOR_IDS.includes(id));
  const results = await Promise.allSettled([
    openDetectors(here, { threads }),
    openPythonDetectors(inPython),
  ]);
  const opened = results.flatMap((result) => (result.status === 'fulfilled' ? result.value : []));
  const failed = results.find((result) => result.status === 'rejected');
  if (failed) {
    await Promise.all(opened.map((detector) => detector.close()));
    throw failed.reason;
  }
  return ids.flatMap((id) => opened.find(({ info }) => info.id === id) ?? []);
}
