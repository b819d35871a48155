import type { I420Planes } from '../../core/index.ts';

/** NV12 in memory: luma rows, then rows of Cb and Cr in turn. Strides in bytes. */
export interface Nv12 {
  readonly bytes: Uint8Array;
  readonly luma: { readonly offset: number; readonly stride: number };
  readonly chroma: { readonly offset: number; readonly stride: number };
}

/** Writes NV12 into I420 planes of the same size. */
export function splitNv12({ bytes, luma, chroma }: Nv12, planes: I420Planes): void {
  const { widthPx, heightPx, y, u, v, strideY, strideU, strideV } = planes;
  for (let row = 0; row < heightPx; row++) {
    const from = luma.offset + row * luma.stride;
    y.set(bytes.subarray(from, from + widthPx), row * strideY);
  }
  const columns = (widthPx + 1) >> 1;
  for (let row = 0; row < (heightPx + 1) >> 1; row++) {
    let from = chroma.offset + row * chroma.stride;
    const toU = row * strideU;
    const toV = row * strideV;
    for (let column = 0; column < columns; column++, from += 2) {
      u[toU + column] = bytes[from] as number;
      v[toV + column] = bytes[from + 1] as number;
    }
  }
}
