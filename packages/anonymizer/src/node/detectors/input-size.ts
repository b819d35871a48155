import type { Size } from '../../core/index.ts';

export interface InputLimits {
  /** Pixels that the network's input may have. */
  readonly areaPx: number;
  /** Longest side of the input, in pixels. */
  readonly sidePx: number;
  /** Both sides are multiples of this. */
  readonly multiplePx: number;
  /** Pictures are enlarged at most this much: beyond, only time is gained. */
  readonly enlarge: number;
}

/** The network's input for an upright picture: its shape, as large as the limits allow. */
export function inputSize(upright: Size, limits: InputLimits): Size {
  const { areaPx, sidePx, multiplePx, enlarge } = limits;
  const scale = Math.min(
    Math.sqrt(areaPx / (upright.widthPx * upright.heightPx)),
    sidePx / Math.max(upright.widthPx, upright.heightPx),
    enlarge,
  );
  // Rounding keeps 1080p at 640×384: rounding up would add a row of cells for 12 pixels.
  const side = (length: number): number =>
    Math.max(multiplePx, Math.round((length * scale) / multiplePx) * multiplePx);
  return { widthPx: side(upright.widthPx), heightPx: side(upright.heightPx) };
}
