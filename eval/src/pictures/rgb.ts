import type { ColourMatrix, I420Planes } from '@drape/anonymizer/core';
import type { RgbPicture } from '../judge/mask.ts';

/** R from V, G from U, G from V, B from U: ITU-R BT.601, BT.709, BT.2020, for full-range values. */
const FACTORS: Record<ColourMatrix, readonly [number, number, number, number]> = {
  bt601: [1.402, -0.344136, -0.714136, 1.772],
  bt709: [1.5748, -0.187324, -0.468124, 1.8556],
  bt2020: [1.4746, -0.164553, -0.571353, 1.8814],
};

/** Planes as RGB, for pictures to look at; chroma is taken as it is, not smoothed. */
export function toRgb(planes: I420Planes): RgbPicture {
  const { widthPx, heightPx, fullRange } = planes;
  const rgb = new Uint8ClampedArray(widthPx * heightPx * 3);
  const [rv, gu, gv, bu] = FACTORS[planes.matrix];
  const [lumaGain, lumaFloor, chromaGain] = fullRange ? [1, 0, 1] : [255 / 219, 16, 255 / 224];
  let at = 0;
  for (let y = 0; y < heightPx; y++) {
    for (let x = 0; x < widthPx; x++) {
      const luma = ((planes.y[y * planes.strideY + x] ?? 0) - lumaFloor) * lumaGain;
      const u = ((planes.u[(y >> 1) * planes.strideU + (x >> 1)] ?? 0) - 128) * chromaGain;
      const v = ((planes.v[(y >> 1) * planes.strideV + (x >> 1)] ?? 0) - 128) * chromaGain;
      rgb[at++] = luma + rv * v;
      rgb[at++] = luma + gu * u + gv * v;
      rgb[at++] = luma + bu * u;
    }
  }
  return { widthPx, heightPx, rgb: new Uint8Array(rgb.buffer) };
}
