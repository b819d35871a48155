import type { I420Planes } from './frame.ts';
import type { Size } from './geometry.ts';
import type { Luma } from './stroke-cells.ts';
import { PlaneScaler } from './resample-plane.ts';

/**
 * Scales the luma plane to a size, not turned, aspect as given: the values as they are stored,
 * one byte a pixel, into the first widthPx · heightPx bytes of `out`.
 */
export function scaleLuma(planes: I420Planes, { widthPx, heightPx }: Size, out: Uint8Array): void {
  const source = {
    data: planes.y,
    stride: planes.strideY,
    width: planes.widthPx,
    height: planes.heightPx,
  };
  const whole = { x: 0, y: 0, w: planes.widthPx, h: planes.heightPx };
  const scaler = new PlaneScaler(source, whole, { width: widthPx, height: heightPx });
  const row = new Int32Array(widthPx);
  for (let y = 0; y < heightPx; y++) {
    scaler.row(y, row);
    for (let x = 0; x < widthPx; x++) out[y * widthPx + x] = (row[x] as number) >> 4;
  }
}

/** The luma plane with its longer side shrunk to this, at most. */
export function shrunkLuma(planes: I420Planes, longPx: number): Luma {
  const scale = Math.min(1, longPx / Math.max(planes.widthPx, planes.heightPx));
  const widthPx = Math.max(1, Math.round(planes.widthPx * scale));
  const heightPx = Math.max(1, Math.round(planes.heightPx * scale));
  const data = new Uint8Array(widthPx * heightPx);
  scaleLuma(planes, { widthPx, heightPx }, data);
  return { data, stride: widthPx, widthPx, heightPx };
}
