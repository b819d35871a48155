import { turnedSize } from '../resample.ts';
import { shrunkLuma } from '../resample-luma.ts';
import type { I420Planes } from '../frame.ts';
import type { Box, Size } from '../geometry.ts';
import type { Luma } from '../stroke-cells.ts';
import { strokeRegions } from '../stroke-regions.ts';
import type { Picture } from './engine.ts';

/**
 * A line of 12 pixels has 40 strokes in a cell and more; this is a tenth of one that is faint.
 * The margin shows a line's surroundings to the network, and letters at its ends that are fainter.
 */
const STROKES = { leastInCell: 8, leastTogether: 24, marginPx: 32, mostShare: 0.75 } as const;
/** Shrunk by less than this, strokes are what they are in the picture. */
const SHRINK_FROM = 1.3;

export interface StrokePart {
  /** In coded pixels; may reach outside of a small picture. */
  readonly region: Box;
  /** Of the network's input, upright. */
  readonly size: Size;
}

/**
 * The parts of a picture that have strokes, each with an input of the same scale as that of the whole picture would have.
 * @param whole the input for the whole picture, upright
 */
export function strokeParts(picture: Picture, whole: Size, multiplePx: number): StrokePart[] {
  const { planes, rotationDeg } = picture;
  const upright = turnedSize(planes, rotationDeg);
  // Pixels of the picture for one of the input.
  const scale = Math.max(upright.widthPx / whole.widthPx, upright.heightPx / whole.heightPx);
  const shrink = scale >= SHRINK_FROM ? scale : 1;
  const marginPx = (STROKES.marginPx * scale) / shrink;
  return strokeRegions(lumaOf(planes, shrink), { ...STROKES, marginPx }).map((found) => {
    const input = (lengthPx: number): number =>
      Math.max(1, Math.ceil((lengthPx * shrink) / scale / multiplePx - 1e-6)) * multiplePx;
    const coded = { widthPx: input(found.w), heightPx: input(found.h) };
    const across = { from: found.x * shrink, length: found.w * shrink, within: planes.widthPx };
    const down = { from: found.y * shrink, length: found.h * shrink, within: planes.heightPx };
    const w = coded.widthPx * scale;
    const h = coded.heightPx * scale;
    const region = { x: placed(across, w), y: placed(down, h), w, h };
    return { region, size: turnedSize(coded, rotationDeg) };
  });
}

interface Span {
  readonly from: number;
  readonly length: number;
  readonly within: number;
}

/** Where a longer span around this one starts, inside of the picture if it can be. */
function placed({ from, length, within }: Span, longer: number): number {
  const middle = from - (longer - length) / 2;
  return Math.max(0, Math.min(middle, within - longer));
}

/** The luma plane, shrunk by this much. */
function lumaOf(planes: I420Planes, shrink: number): Luma {
  const { y: data, strideY: stride, widthPx, heightPx } = planes;
  if (shrink === 1) return { data, stride, widthPx, heightPx };
  return shrunkLuma(planes, Math.max(widthPx, heightPx) / shrink);
}
