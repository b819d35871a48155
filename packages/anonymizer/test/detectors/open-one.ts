import type { Detector } from '@drape/anonymizer/core';
import { openDetectors } from '@drape/anonymizer/node';

export async function openOne(id: string): Promise<Detector> {
  const [detector] = await openDetectors([id], { threads: 1 });
  if (!detector) throw new Error(`openDetectors gave nothing for ${id}`);
  return detector;
}
