import { unionBox, type Box, type Size } from '../geometry.ts';

/** Tiles per side in which what is over the cap is summed up. */
const TILES = 4;

/**
 * At most `cap` of the best-first boxes; for the others the regions that they fill, one per
 * tile of the picture: over the cap nothing is dropped, it is covered more coarsely.
 */
export function capBoxes<T extends { readonly box: Box }>(
  bestFirst: readonly T[],
  cap: number,
  picture: Size,
): { kept: readonly T[]; saturated: Box[] } {
  const tiles = new Map<number, Box>();
  for (const { box } of bestFirst.slice(cap)) {
    const column = tileOf(box.x + box.w / 2, picture.widthPx);
    const tile = tileOf(box.y + box.h / 2, picture.heightPx) * TILES + column;
    const known = tiles.get(tile);
    tiles.set(tile, known ? unionBox(known, box) : box);
  }
  return { kept: bestFirst.slice(0, cap), saturated: [...tiles.values()] };
}

function tileOf(position: number, length: number): number {
  return Math.min(TILES - 1, Math.max(0, Math.floor((position / length) * TILES)));
}
