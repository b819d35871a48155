import type { Box } from './centerface.ts';

type Rectangle = Pick<Box, 'x' | 'y' | 'width' | 'height'>;

/** Painted boxes reach past what the detector found, by this share of their size on each side. */
const GROWTH = 0.3;

/** Sampling points per side; a share is then exact to about 1 %. */
const GRID = 100;

/** Share 0..1 of a rectangle that lies inside the union of the grown boxes. */
export function coveredShare(area: Rectangle, boxes: readonly Box[]): number {
  const grown = boxes.map((box) => ({
    x: box.x - box.width * GROWTH,
    y: box.y - box.height * GROWTH,
    right: box.x + box.width * (1 + GROWTH),
    bottom: box.y + box.height * (1 + GROWTH),
  }));
  let inside = 0;
  for (let i = 0; i < GRID * GRID; i++) {
    const x = area.x + (((i % GRID) + 0.5) / GRID) * area.width;
    const y = area.y + ((Math.floor(i / GRID) + 0.5) / GRID) * area.height;
    if (grown.some((box) => x >= box.x && x < box.right && y >= box.y && y < box.bottom)) inside++;
  }
  return inside / (GRID * GRID);
}
