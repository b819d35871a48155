import type { I420Planes } from '../../core/index.ts';

/** Weights of limited-range BT.709 (ITU-R BT.709-6), in 1/65536. */
const ONE = 65536;
const weight = (share: number, span: number): number => Math.round((share * span * ONE) / 255);
const [KR, KB] = [0.2126, 0.0722];
const KG = 1 - KR - KB;
const Y = [weight(KR, 219), weight(KG, 219), weight(KB, 219)] as const;
const U_SCALE = 1 / (2 * (1 - KB));
const V_SCALE = 1 / (2 * (1 - KR));
const U = [weight(-KR * U_SCALE, 224), weight(-KG * U_SCALE, 224), weight(0.5, 224)] as const;
const V = [weight(0.5, 224), weight(-KG * V_SCALE, 224), weight(-KB * V_SCALE, 224)] as const;
const HALF = ONE / 2;

/** What a picture of `rgbaToI420` is coded in. */
export const RGBA_COLOUR = {
  matrix: 'bt709',
  fullRange: false,
  space: { primaries: 'bt709', transfer: 'bt709', matrix: 'bt709', fullRange: false },
} as const;

/** Packed RGBA, rows without gaps, into limited-range BT.709; alpha is dropped. */
export function rgbaToI420(rgba: Uint8Array | Uint8ClampedArray, planes: I420Planes): void {
  const { widthPx, heightPx } = planes;
  for (let row = 0; row < heightPx; row++) {
    let at = 4 * row * widthPx;
    const to = row * planes.strideY;
    for (let x = 0; x < widthPx; x++, at += 4) {
      const sum =
        Y[0] * (rgba[at] as number) +
        Y[1] * (rgba[at + 1] as number) +
        Y[2] * (rgba[at + 2] as number);
      planes.y[to + x] = 16 + ((sum + HALF) >> 16);
    }
  }
  for (let row = 0; row < heightPx; row += 2) chromaRow(rgba, planes, row);
}

/** Chroma is the mean of each square of 2×2; at an odd edge the last pixel counts twice. */
function chromaRow(rgba: Uint8Array | Uint8ClampedArray, planes: I420Planes, row: number): void {
  const { widthPx, heightPx, u, v, strideU, strideV } = planes;
  const below = row + 1 < heightPx ? 4 * widthPx : 0;
  for (let x = 0; x < widthPx; x += 2) {
    const a = 4 * (row * widthPx + x);
    const b = x + 1 < widthPx ? a + 4 : a;
    const mean = (channel: number): number =>
      ((rgba[a + channel] as number) +
        (rgba[b + channel] as number) +
        (rgba[a + below + channel] as number) +
        (rgba[b + below + channel] as number)) /
      4;
    const red = mean(0);
    const green = mean(1);
    const blue = mean(2);
    u[(row >> 1) * strideU + (x >> 1)] = toChroma(U[0] * red + U[1] * green + U[2] * blue);
    v[(row >> 1) * strideV + (x >> 1)] = toChroma(V[0] * red + V[1] * green + V[2] * blue);
  }
}

function toChroma(sum: number): number {
  return 128 + ((sum + HALF) >> 16);
}

/** The planes as opaque RGBA, by the matrix and the range that they say. */
export function i420ToRgba(planes: I420Planes, rgba: Uint8ClampedArray): void {
  const { widthPx, heightPx, y, u, v, strideY, strideU, strideV, fullRange } = planes;
  const { kr, kb } = PARTS[planes.matrix];
  const scale = fullRange ? 1 : 255 / 219;
  const chroma = fullRange ? 1 : 255 / 224;
  const black = fullRange ? 0 : 16;
  const redOfV = 2 * (1 - kr) * chroma;
  const blueOfU = 2 * (1 - kb) * chroma;
  const greenOfU = (kb / (1 - kr - kb)) * blueOfU;
  const greenOfV = (kr / (1 - kr - kb)) * redOfV;
  let at = 0;
  for (let row = 0; row < heightPx; row++) {
    const rowU = (row >> 1) * strideU;
    const rowV = (row >> 1) * strideV;
    for (let x = 0; x < widthPx; x++, at += 4) {
      const luma = ((y[row * strideY + x] as number) - black) * scale;
      const cb = (u[rowU + (x >> 1)] as number) - 128;
      const cr = (v[rowV + (x >> 1)] as number) - 128;
      rgba[at] = luma + redOfV * cr;
      rgba[at + 1] = luma - greenOfU * cb - greenOfV * cr;
      rgba[at + 2] = luma + blueOfU * cb;
      rgba[at + 3] = 255;
    }
  }
}

/** Luma weights of red and blue: ITU-R BT.601-7, BT.709-6, BT.2020-2. */
const PARTS = {
  bt601: { kr: 0.299, kb: 0.114 },
  bt709: { kr: KR, kb: KB },
  bt2020: { kr: 0.2627, kb: 0.0593 },
} as const;
