import type { I420Planes } from '../frame.ts';
import { clipBox, growBoxBy, type Box } from '../geometry.ts';

/**
 * Redness (Cr) of surroundings from which they may be tissue, 0..255, 128 is grey. Measured on
 * hits of the text network: around 40 false ones on tissue 137 to 182, around tilted text on
 * operating room pictures 60 to 134.
 */
const TISSUE_CR = 137;

/** Burned-in lines are level and at least this much wider than high; highlights hardly ever. */
const LEVEL_ASPECT = 1.5;

/** Samples per side with which surroundings are measured. */
const SAMPLES = 16;

/** Is the line wide and level, as burned-in text is? `core` is the line before it was grown. */
export function isLevel(core: Box): boolean {
  return core.w >= LEVEL_ASPECT * core.h;
}

/** A glyph beside a line, as high and at the same level, belongs to it. */
export function continues(glyph: Box, line: Box): boolean {
  const overlap = Math.min(glyph.y + glyph.h, line.y + line.h) - Math.max(glyph.y, line.y);
  const gap = Math.max(line.x - glyph.x - glyph.w, glyph.x - line.x - line.w);
  const smaller = Math.min(glyph.h, line.h);
  return overlap >= smaller / 2 && gap <= 2 * line.h && glyph.h <= 1.6 * line.h;
}

/** Values that differ by less, in luma and in chroma, show nobody anything: a picture's black border has as much. */
const FLAT_RANGE = 6;

/** Is everything of the picture in the box (in coded pixels) of one colour, if anything is? Then no letter is in it. */
export function isFlat(planes: I420Planes, box: Box): boolean {
  const clipped = clipBox(box, planes);
  if (!clipped) return true;
  const { x, y, w, h } = clipped;
  const half = { x: x / 2, y: y / 2, w: w / 2, h: h / 2 };
  return (
    isEven(planes.y, planes.strideY, clipped) &&
    isEven(planes.u, planes.strideU, half) &&
    isEven(planes.v, planes.strideV, half)
  );
}

function isEven(plane: Uint8Array, stride: number, { x, y, w, h }: Box): boolean {
  let least = 255;
  let most = 0;
  for (let row = Math.floor(y); row < Math.ceil(y + h); row++) {
    for (let column = Math.floor(x); column < Math.ceil(x + w); column++) {
      const value = plane[row * stride + column] as number;
      if (value < least) least = value;
      if (value > most) most = value;
      if (most - least >= FLAT_RANGE) return false;
    }
  }
  return true;
}

/** Do the box (in coded pixels) and its surroundings look as red as tissue? */
export function onTissue(planes: I420Planes, box: Box): boolean {
  const margin = Math.max(8, Math.max(box.w, box.h) / 2);
  const around = growBoxBy(box, margin, margin);
  const left = Math.max(0, around.x);
  const top = Math.max(0, around.y);
  const right = Math.min(planes.widthPx, around.x + around.w);
  const bottom = Math.min(planes.heightPx, around.y + around.h);
  let sum = 0;
  for (let row = 0; row < SAMPLES; row++) {
    const y = Math.floor((top + ((row + 0.5) * (bottom - top)) / SAMPLES) / 2);
    for (let column = 0; column < SAMPLES; column++) {
      const x = Math.floor((left + ((column + 0.5) * (right - left)) / SAMPLES) / 2);
      sum += planes.v[y * planes.strideV + x] ?? 128;
    }
  }
  const stretch = planes.fullRange ? 1 : 255 / 224;
  return (sum / SAMPLES ** 2 - 128) * stretch + 128 >= TISSUE_CR;
}
