import type { I420Planes, RotationDeg } from './frame.ts';
import type { Box, Size } from './geometry.ts';
import { rgbWeights, writeRgbRow } from './resample-colour.ts';
import { PlaneScaler } from './resample-plane.ts';

export interface LetterboxTarget extends Size {
  /** Clockwise quarter turns that make the picture upright: the output is upright. */
  readonly rotationDeg: RotationDeg;
}

/** How a letterboxed picture maps back. */
export interface Letterbox {
  /** The part of the output that shows the picture, from the top left corner, in pixels. */
  readonly content: Size;
  /** From output pixels (upright) to coded pixels of the frame. */
  readonly toFrame: (box: Box) => Box;
}

/**
 * Scales a whole picture into planar RGB (R, G, B plane; the layout NCHW with N = 1), upright,
 * aspect kept, black at the right and bottom; area average when shrinking, linear when growing.
 * `out` holds at least 3 · widthPx · heightPx bytes, all of which are written.
 */
export function letterboxRgb(
  planes: I420Planes,
  target: LetterboxTarget,
  out: Uint8Array,
): Letterbox {
  const { rotationDeg } = target;
  const { coded, letterbox } = letterboxOf(planes, target);
  blacken(out, letterbox.content, target);
  const drawing = {
    region: wholeOf(planes),
    coded,
    rotationDeg,
    target,
    outside: 'repeat',
  } as const;
  drawRegion(planes, drawing, out);
  return letterbox;
}

/**
 * Letterboxes of one picture in several turns, to the byte as `letterboxRgb` makes them: what several scale alike is
 * scaled once, which is most of the work, and turned.
 */
export class TurnedLetterboxes {
  readonly #planes: I420Planes;
  #size: Size = { widthPx: 0, heightPx: 0 };
  #scaled = new Uint8Array(0);

  constructor(planes: I420Planes) {
    this.#planes = planes;
  }

  /** As `letterboxRgb`. */
  draw(target: LetterboxTarget, out: Uint8Array): Letterbox {
    const { coded, letterbox } = letterboxOf(this.#planes, target);
    this.#scale(coded);
    blacken(out, letterbox.content, target);
    const { rotationDeg } = target;
    turnPlanes(this.#scaled, { coded, rotationDeg, target }, out);
    return letterbox;
  }

  #scale(coded: Size): void {
    const { widthPx, heightPx } = coded;
    if (widthPx === this.#size.widthPx && heightPx === this.#size.heightPx) return;
    this.#size = coded;
    const length = 3 * widthPx * heightPx;
    if (this.#scaled.length !== length) this.#scaled = new Uint8Array(length);
    const upright = { coded, rotationDeg: 0, target: coded, outside: 'repeat' } as const;
    drawRegion(this.#planes, { region: wholeOf(this.#planes), ...upright }, this.#scaled);
  }
}

/** The part of a letterbox that shows the picture, before it is turned, and how it maps back. */
function letterboxOf(
  planes: I420Planes,
  target: LetterboxTarget,
): { readonly coded: Size; readonly letterbox: Letterbox } {
  const { rotationDeg } = target;
  const upright = turnedSize(planes, rotationDeg);
  const content = fit(upright, target);
  const scaleX = upright.widthPx / content.widthPx;
  const scaleY = upright.heightPx / content.heightPx;
  const toFrame = ({ x, y, w, h }: Box): Box =>
    turnBack({ x: x * scaleX, y: y * scaleY, w: w * scaleX, h: h * scaleY }, planes, rotationDeg);
  return { coded: turnedSize(content, rotationDeg), letterbox: { content, toFrame } };
}

/** Lays planar RGB of the size `coded` into a larger one, turned clockwise. */
function turnPlanes(
  from: Uint8Array,
  drawing: Pick<Drawing, 'coded' | 'rotationDeg' | 'target'>,
  out: Uint8Array,
): void {
  const { coded, target } = drawing;
  const planeSize = target.widthPx * target.heightPx;
  let at = 0;
  for (let plane = 0; plane < 3; plane++) {
    for (let y = 0; y < coded.heightPx; y++) {
      const { start, step } = rowPath(y, drawing);
      let to = plane * planeSize + start;
      for (const end = at + coded.widthPx; at < end; at++) {
        out[to] = from[at] as number;
        to = (to + step) | 0;
      }
    }
  }
}

/**
 * Scales a square of the picture (in coded pixels, it may reach outside) into planar RGB of
 * sizePx × sizePx, upright. What lies outside of the picture counts as black, with its weight.
 */
export function cropRgb(
  planes: I420Planes,
  crop: { readonly square: Box; readonly sizePx: number; readonly rotationDeg: RotationDeg },
  out: Uint8Array,
): void {
  const size = { widthPx: crop.sizePx, heightPx: crop.sizePx };
  out.fill(0, 0, 3 * crop.sizePx * crop.sizePx);
  const { square: region, rotationDeg } = crop;
  drawRegion(planes, { region, coded: size, rotationDeg, target: size, outside: 'black' }, out);
}

/**
 * Scales a part of the picture (in coded pixels, it may reach outside, where the edge is repeated) into planar RGB, upright,
 * stretched to `size`. Gives how boxes of the output (upright, in its pixels) map to coded pixels of the frame.
 */
export function regionRgb(
  planes: I420Planes,
  part: { readonly region: Box; readonly size: Size; readonly rotationDeg: RotationDeg },
  out: Uint8Array,
): Letterbox['toFrame'] {
  const { region, size, rotationDeg } = part;
  const coded = turnedSize(size, rotationDeg);
  drawRegion(planes, { region, coded, rotationDeg, target: size, outside: 'repeat' }, out);
  const scaleX = region.w / coded.widthPx;
  const scaleY = region.h / coded.heightPx;
  return (box) => {
    const { x, y, w, h } = turnBack(box, coded, rotationDeg);
    return { x: region.x + x * scaleX, y: region.y + y * scaleY, w: w * scaleX, h: h * scaleY };
  };
}

/** Stretches a whole picture into planar RGB of sizePx × sizePx, upright; its aspect is lost. */
export function stretchRgb(
  planes: I420Planes,
  { sizePx, rotationDeg }: { readonly sizePx: number; readonly rotationDeg: RotationDeg },
  out: Uint8Array,
): void {
  const size = { widthPx: sizePx, heightPx: sizePx };
  const region = wholeOf(planes);
  drawRegion(planes, { region, coded: size, rotationDeg, target: size, outside: 'repeat' }, out);
}

function wholeOf({ widthPx, heightPx }: Size): Box {
  return { x: 0, y: 0, w: widthPx, h: heightPx };
}

/** The size after turning by quarter turns. */
export function turnedSize({ widthPx, heightPx }: Size, rotationDeg: RotationDeg): Size {
  const swap = rotationDeg === 90 || rotationDeg === 270;
  return swap ? { widthPx: heightPx, heightPx: widthPx } : { widthPx, heightPx };
}

function fit(size: Size, into: Size): Size {
  const scale = Math.min(into.widthPx / size.widthPx, into.heightPx / size.heightPx);
  const side = (length: number, limit: number): number =>
    Math.min(limit, Math.max(1, Math.round(length * scale)));
  return {
    widthPx: side(size.widthPx, into.widthPx),
    heightPx: side(size.heightPx, into.heightPx),
  };
}

function turnBack(box: Box, coded: Size, rotationDeg: RotationDeg): Box {
  switch (rotationDeg) {
    case 0:
      return box;
    case 90:
      return { x: box.y, y: coded.heightPx - box.x - box.w, w: box.h, h: box.w };
    case 180:
      return {
        x: coded.widthPx - box.x - box.w,
        y: coded.heightPx - box.y - box.h,
        w: box.w,
        h: box.h,
      };
    case 270:
      return { x: coded.widthPx - box.y - box.h, y: box.x, w: box.h, h: box.w };
  }
}

function blacken(out: Uint8Array, content: Size, { widthPx, heightPx }: Size): void {
  for (let plane = 0; plane < 3; plane++) {
    const start = plane * widthPx * heightPx;
    out.fill(0, start + content.heightPx * widthPx, start + heightPx * widthPx);
    if (content.widthPx === widthPx) continue;
    for (let y = 0; y < content.heightPx; y++) {
      out.fill(0, start + y * widthPx + content.widthPx, start + (y + 1) * widthPx);
    }
  }
}

interface Drawing {
  /** In coded pixels; may reach outside. */
  readonly region: Box;
  /** Size of the region in the output, before turning. */
  readonly coded: Size;
  readonly rotationDeg: RotationDeg;
  readonly target: Size;
  readonly outside: 'repeat' | 'black';
}

function drawRegion(planes: I420Planes, drawing: Drawing, out: Uint8Array): void {
  const { coded, target } = drawing;
  const scalers = planeScalers(planes, drawing);
  const weights = rgbWeights(planes.matrix, planes.fullRange);
  const row = {
    y: new Int32Array(coded.widthPx),
    u: new Int32Array((coded.widthPx + 1) >> 1),
    v: new Int32Array((coded.widthPx + 1) >> 1),
    from: scalers.y.columns.from,
    to: scalers.y.columns.to,
  };
  const planeSize = target.widthPx * target.heightPx;
  const { from, to } = scalers.y.rows;
  for (let y = from; y < to; y++) {
    scalers.y.row(y, row.y);
    if (y === from || (y & 1) === 0) {
      scalers.u.row(y >> 1, row.u);
      scalers.v.row(y >> 1, row.v);
    }
    writeRgbRow(row, weights, { out, planeSize, ...rowPath(y, drawing) });
  }
}

/** Where coded row `y` starts in the upright output and how far apart its samples lie. */
function rowPath(
  y: number,
  drawing: Pick<Drawing, 'coded' | 'rotationDeg' | 'target'>,
): { start: number; step: number } {
  const { coded, target } = drawing;
  const width = target.widthPx;
  switch (drawing.rotationDeg) {
    case 0:
      return { start: y * width, step: 1 };
    case 90:
      return { start: coded.heightPx - 1 - y, step: width };
    case 180:
      return { start: (coded.heightPx - 1 - y) * width + coded.widthPx - 1, step: -1 };
    case 270:
      return { start: (coded.widthPx - 1) * width + y, step: -width };
  }
}

function planeScalers(
  planes: I420Planes,
  { region, coded, outside }: Drawing,
): { y: PlaneScaler; u: PlaneScaler; v: PlaneScaler } {
  const { widthPx, heightPx } = planes;
  const luma = { width: widthPx, height: heightPx };
  const chroma = { width: (widthPx + 1) >> 1, height: (heightPx + 1) >> 1 };
  const pairs = { width: (coded.widthPx + 1) >> 1, height: (coded.heightPx + 1) >> 1 };
  // The output's chroma is scaled to half its size, as in any picture of that size: a quarter
  // of the work. Where a side is odd, the last pair reaches half a pair beyond the region.
  const half = {
    x: region.x / 2,
    y: region.y / 2,
    w: (region.w * pairs.width) / coded.widthPx,
    h: (region.h * pairs.height) / coded.heightPx,
  };
  const black = (value: number) => (outside === 'black' ? { outsideValue: value } : {});
  const out = { width: coded.widthPx, height: coded.heightPx, ...black(planes.fullRange ? 0 : 16) };
  const outC = { ...pairs, ...black(128) };
  const sourceY = { data: planes.y, stride: planes.strideY, ...luma };
  return {
    y: new PlaneScaler(sourceY, region, out),
    u: new PlaneScaler({ data: planes.u, stride: planes.strideU, ...chroma }, half, outC),
    v: new PlaneScaler({ data: planes.v, stride: planes.strideV, ...chroma }, half, outC),
  };
}
