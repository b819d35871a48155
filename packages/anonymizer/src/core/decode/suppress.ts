import { iou, type Box } from '../geometry.ts';

/**
 * Non-maximum suppression: of boxes that overlap by `minIou` or more only the best stays.
 * Takes boxes with the best score first and keeps their order.
 */
export function suppress<T extends { readonly box: Box }>(
  bestFirst: readonly T[],
  minIou: number,
): T[] {
  const kept: T[] = [];
  for (const candidate of bestFirst) {
    if (!kept.some((better) => iou(better.box, candidate.box) >= minIou)) kept.push(candidate);
  }
  return kept;
}
