/**
 * A token that a machine reads from pixels: 34 cells, white and black to measure by, 24 bits of a
 * number, 8 bits of check. Painted in raw pixels inside a place that is always covered: if it is
 * ever read where frames leave, a raw pixel left.
 */
export const CELL = { widthPx: 16, heightPx: 32 } as const;
export const CELLS = 34;
const ID_BITS = 24;
const CHECK_BITS = 8;

/** Cells from left to right, true for white. */
export function tokenCells(id: number): boolean[] {
  const bits = (value: number, count: number): boolean[] =>
    Array.from({ length: count }, (_, at) => ((value >> (count - 1 - at)) & 1) === 1);
  return [true, false, ...bits(id, ID_BITS), ...bits(checkOf(id), CHECK_BITS)];
}

/** The number whose cells have these brightnesses (0..255), or undefined where there is no token. */
export function readToken(cells: readonly number[]): number | undefined {
  const [white = 0, black = 255, ...rest] = cells;
  if (cells.length !== CELLS || white - black < 40) return undefined;
  const middle = (white + black) / 2;
  // A bit that lies between white and black is none.
  if (rest.some((cell) => Math.abs(cell - middle) < (white - black) / 5)) return undefined;
  const number = (bits: readonly number[]): number =>
    bits.reduce((sum, cell) => sum * 2 + (cell > middle ? 1 : 0), 0);
  const id = number(rest.slice(0, ID_BITS));
  return number(rest.slice(ID_BITS)) === checkOf(id) ? id : undefined;
}

/** CRC-8, polynomial 0x07, start 0x5a: no constant picture passes for a token. */
function checkOf(id: number): number {
  let crc = 0x5a;
  for (const shift of [16, 8, 0]) {
    crc ^= (id >> shift) & 0xff;
    for (let bit = 0; bit < 8; bit++) crc = ((crc << 1) ^ (crc & 0x80 ? 0x07 : 0)) & 0xff;
  }
  return crc;
}
