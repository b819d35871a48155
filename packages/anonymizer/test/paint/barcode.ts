import type { I420Planes } from '@drape/anonymizer/core';

/** The canary token: 34 cells of 16×32 px, white, black, a 24-bit id, an 8-bit check. */
export const BARCODE = { cells: 34, cellWidthPx: 16, heightPx: 32 } as const;

export function barcodeBits(id: number): number[] {
  const check = ((id & 255) ^ ((id >> 8) & 255) ^ ((id >> 16) & 255) ^ 0x5a) & 255;
  const bits = [1, 0];
  for (let bit = 23; bit >= 0; bit--) bits.push((id >> bit) & 1);
  for (let bit = 7; bit >= 0; bit--) bits.push((check >> bit) & 1);
  return bits;
}

export function drawBarcode(planes: I420Planes, id: number, at: { x: number; y: number }): void {
  for (const [cell, bit] of barcodeBits(id).entries()) {
    const x = at.x + cell * BARCODE.cellWidthPx;
    for (let y = at.y; y < at.y + BARCODE.heightPx; y++) {
      const from = y * planes.strideY + x;
      planes.y.fill(bit ? 235 : 16, from, from + BARCODE.cellWidthPx);
    }
  }
}

/**
 * Mean luma of each cell. A reader that knows where the token is and what lies around it can do
 * no better than to compare these with each other.
 */
export function cellLumas(planes: I420Planes, at: { x: number; y: number }): number[] {
  return Array.from({ length: BARCODE.cells }, (_, cell) => {
    let sum = 0;
    for (let y = at.y; y < at.y + BARCODE.heightPx; y++) {
      const from = y * planes.strideY + at.x + cell * BARCODE.cellWidthPx;
      for (const value of planes.y.subarray(from, from + BARCODE.cellWidthPx)) sum += value;
    }
    return sum / (BARCODE.cellWidthPx * BARCODE.heightPx);
  });
}

/** The id, or undefined where sync or check do not hold; the threshold is tried everywhere. */
export function readBarcode(planes: I420Planes, at: { x: number; y: number }): number | undefined {
  const lumas = cellLumas(planes, at);
  for (let threshold = 8; threshold < 256; threshold += 8) {
    const bits = lumas.map((luma) => (luma > threshold ? 1 : 0));
    const id = bits.slice(2, 26).reduce<number>((value, bit) => (value << 1) | bit, 0);
    if (barcodeBits(id).every((bit, index) => bit === bits[index])) return id;
  }
  return undefined;
}
