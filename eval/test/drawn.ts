import type { Box, ColourMatrix, I420Planes } from '@drape/anonymizer/core';
import { FILL, toYuv } from '../src/judge/fill.ts';

export interface DrawnSpace {
  readonly matrix: ColourMatrix;
  readonly fullRange: boolean;
}

/** Noise from a seed, so that every run draws the same pictures. */
function noise(seed: number): () => number {
  let state = seed >>> 0 || 1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
}

/** Tissue-like planes: red blotches with highlights and grain. */
export function drawnPlanes(
  size: { readonly widthPx: number; readonly heightPx: number },
  space: DrawnSpace,
  seed = 7,
): I420Planes {
  const { widthPx, heightPx } = size;
  const strideU = Math.ceil(widthPx / 2);
  const chromaRows = Math.ceil(heightPx / 2);
  const y = new Uint8Array(widthPx * heightPx);
  const u = new Uint8Array(strideU * chromaRows);
  const v = new Uint8Array(strideU * chromaRows);
  const random = noise(seed);
  for (let row = 0; row < heightPx; row++) {
    for (let x = 0; x < widthPx; x++) {
      const blotch = 110 + 60 * Math.sin((x + seed * 3) / 23) * Math.cos(row / 17);
      const highlight = random() > 0.995 ? 70 : 0;
      y[row * widthPx + x] = Math.min(
        235,
        Math.max(16, blotch + highlight + 24 * (random() - 0.5)),
      );
    }
  }
  for (let at = 0; at < u.length; at++) {
    u[at] = 108 + 8 * random();
    v[at] = 160 + 14 * random();
  }
  return { ...size, ...space, y, u, v, strideY: widthPx, strideU, strideV: strideU };
}

/** Paints a whole-pixel box: luma exactly, chroma wherever a sample touches the box. */
export function paintBox(
  planes: I420Planes,
  box: Box,
  colour: { readonly r: number; readonly g: number; readonly b: number } = FILL,
): void {
  const fill = toYuv(colour, planes);
  for (let row = box.y; row < box.y + box.h; row++) {
    planes.y.fill(
      Math.round(fill.y),
      row * planes.strideY + box.x,
      row * planes.strideY + box.x + box.w,
    );
  }
  const [left, right] = [box.x >> 1, (box.x + box.w + 1) >> 1];
  for (let row = box.y >> 1; row < (box.y + box.h + 1) >> 1; row++) {
    planes.u.fill(Math.round(fill.u), row * planes.strideU + left, row * planes.strideU + right);
    planes.v.fill(Math.round(fill.v), row * planes.strideV + left, row * planes.strideV + right);
  }
}
