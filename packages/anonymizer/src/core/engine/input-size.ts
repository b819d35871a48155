import type { Size } from '../geometry.ts';

export interface InputLimits {
  /** Longest side of the input, in pixels. */
  readonly longPx: number;
  /** Longest of its shorter side, in pixels. */
  readonly shortPx: number;
  /** Pixels that it may have. */
  readonly areaPx: number;
  /** Both sides are multiples of this. */
  readonly multiplePx: number;
  /** Pictures are enlarged at most this much: beyond, only time is lost. */
  readonly enlarge: number;
}

/** The network's input for an upright picture: its shape, as large as the limits allow. */
export function inputSize({ widthPx, heightPx }: Size, limits: InputLimits): Size {
  const { longPx, shortPx, areaPx, multiplePx, enlarge } = limits;
  const scale = Math.min(
    longPx / Math.max(widthPx, heightPx),
    shortPx / Math.min(widthPx, heightPx),
    Math.sqrt(areaPx / (widthPx * heightPx)),
    enlarge,
  );
  // Rounded first: a side that is a multiple but for rounding errors must not gain a whole step.
  const side = (length: number): number =>
    Math.max(1, Math.ceil(Math.round(length * scale) / multiplePx)) * multiplePx;
  return { widthPx: side(widthPx), heightPx: side(heightPx) };
}
