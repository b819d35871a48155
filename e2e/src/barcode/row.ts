import { CELLS, bitsOf } from './bits.ts';

/** Where the cells of one barcode lie in a picture, in its pixels. */
export interface CellRow {
  readonly x: number;
  readonly y: number;
  readonly cellWidthPx: number;
  readonly heightPx: number;
}

/** A row as wide as the picture: as large as cells can be. */
export function rowAcross(
  picture: { readonly widthPx: number },
  place: { readonly y: number; readonly heightPx: number },
): CellRow {
  // Even, so that chroma, which is stored for 2×2 pixels, has the same borders.
  const cellWidthPx = Math.floor(picture.widthPx / CELLS / 2) * 2;
  const x = Math.floor((picture.widthPx - CELLS * cellWidthPx) / 4) * 2;
  return { x, y: place.y, cellWidthPx, heightPx: place.heightPx };
}

/** Luma of the cells: grey enough not to be taken for print, apart enough for any codec. */
export interface Tones {
  readonly white: number;
  readonly black: number;
}

/** Draws the number into a luma plane with rows of `stridePx` bytes. */
export function drawNumber(
  luma: Uint8Array,
  number: number,
  at: { readonly row: CellRow; readonly stridePx: number; readonly tones: Tones },
): void {
  const { row, stridePx, tones } = at;
  for (const [cell, bit] of bitsOf(number).entries()) {
    const x = row.x + cell * row.cellWidthPx;
    for (let y = row.y; y < row.y + row.heightPx; y++) {
      const from = y * stridePx + x;
      luma.fill(bit ? tones.white : tones.black, from, from + row.cellWidthPx);
    }
  }
}
