import { UserError } from '../user-error.ts';

/**
 * Checks the ids of `--detectors`. The libraries behind them load only where some are given.
 *
 * @throws UserError with the ids there are
 */
export async function checkDetectors(ids: readonly string[] | undefined): Promise<void> {
  if (ids === undefined) return;
  const { DETECTOR_IDS, PYTHON_DETECTOR_IDS } = await import('@drape/anonymizer/node');
  const known: readonly string[] = [...DETECTOR_IDS, ...PYTHON_DETECTOR_IDS];
  const unknown = ids.filter((id) => !known.includes(id));
  if (unknown.length === 0) return;
  throw new UserError(
    `no detector is called ${unknown.join(', ')}; there are: ${known.join(', ')}`,
  );
}
