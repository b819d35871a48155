import type { I420Planes } from '../frame.ts';
import type { FramePlan, PlanRegion, WholeCause } from '../plan.ts';
import { gridOf, oneCell } from './grid.ts';
import type { CellGrid } from './grid.ts';
import { cellMeans } from './means.ts';
import { paintFlat, paintSmooth } from './mosaic.ts';
import { chromaPart, fillPart, lumaPart } from './plane.ts';
import { rectOf, wholeRect } from './rect.ts';
import type { PixelRect } from './rect.ts';
import { rgbToYuv } from './style.ts';
import type { PaintStyle, Rgb } from './style.ts';

/** What a frame shows that is covered whole under `pixelate` and `blur`: a neutral dark grey. */
export const SLATE: Rgb = { r: 32, g: 32, b: 32 };

/**
 * Covers on the planes, in place, what the plan says. After it, no covered pixel and no chroma
 * sample that a covered pixel shares holds what was filmed. Pixels outside the regions (grown to
 * even coordinates) are untouched, and so is the padding between `widthPx` and the stride.
 *
 * - `solid`: every region in the fill colour.
 * - `pixelate`, `blur`: at most 8 cells across a face, head or person (grid.ts, means.ts). Text,
 *   codes, screens and regions of unknown content become one cell each: cells as high as a line of
 *   text would still tell how much ink each pair of letters has, and of a bar code whole bits.
 * - A plan with a region that is no box (NaN, no extent) covers the whole frame.
 */
export function paintFrame(planes: I420Planes, plan: FramePlan, style: PaintStyle): void {
  const whole = wholeRect(planes);
  if (plan.whole !== undefined) {
    paintWhole(planes, whole, { style, cause: plan.whole });
    return;
  }
  const flat: PixelRect[] = [];
  const cut: PixelRect[] = [];
  for (const region of plan.regions) {
    const rect = rectOf(region.box, planes);
    if (rect === 'unreadable') {
      fillRect(planes, whole, style.kind === 'solid' ? style.fill : SLATE);
      return;
    }
    if (rect !== 'outside') (isOneCell(region) ? flat : cut).push(rect);
  }
  // One-cell regions first: cells that overlap them then read what is painted, not the letters.
  for (const rect of flat) paintRect(planes, rect, { style, grid: oneCell(rect) });
  for (const rect of cut) paintRect(planes, rect, { style, grid: gridOf(rect) });
}

/**
 * `solid` fills. Else only `overload` shows cells, so that whoever watches still has an
 * orientation while the system catches up; the whole picture counts as one face, so no face in it
 * has more than 8 cells. All other causes give the slate: what is in the picture is unknown
 * (undecided, failed, closing), broken (damaged), too much (saturated), or someone said that
 * it is not to be seen (by hand, out of the body).
 */
function paintWhole(
  planes: I420Planes,
  rect: PixelRect,
  how: { readonly style: PaintStyle; readonly cause: WholeCause },
): void {
  if (how.style.kind === 'solid') fillRect(planes, rect, how.style.fill);
  else if (how.cause === 'overload') paintRect(planes, rect, { ...how, grid: gridOf(rect) });
  else fillRect(planes, rect, SLATE);
}

function isOneCell(region: PlanRegion): boolean {
  switch (region.cls) {
    case 'face':
    case 'head':
    case 'person':
      return false;
    case 'text':
    case 'code':
    case 'screen':
    case 'outside':
    case 'region':
      return true;
  }
}

function paintRect(
  planes: I420Planes,
  rect: PixelRect,
  how: { readonly style: PaintStyle; readonly grid: CellGrid },
): void {
  if (how.style.kind === 'solid') {
    fillRect(planes, rect, how.style.fill);
    return;
  }
  const paint = how.style.kind === 'pixelate' ? paintFlat : paintSmooth;
  const luma = lumaPart(planes, rect);
  paint(luma, cellMeans(luma, how.grid, 0));
  for (const which of ['u', 'v'] as const) {
    const chroma = chromaPart(planes, which, rect);
    paint(chroma, cellMeans(chroma, how.grid, 1));
  }
}

function fillRect(planes: I420Planes, rect: PixelRect, fill: Rgb): void {
  const { y, u, v } = rgbToYuv(fill, planes);
  fillPart(lumaPart(planes, rect), y);
  fillPart(chromaPart(planes, 'u', rect), u);
  fillPart(chromaPart(planes, 'v', rect), v);
}
