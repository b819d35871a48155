import type { Box, Look, RotationDeg } from '@drape/anonymizer/core';
import { blankPlanes } from '@drape/anonymizer/testing';
import type { I420Planes } from '@drape/anonymizer/core';

/** Share of a box that sightings of at least this score cover, 0..1. */
export function coverage(look: Look, box: Box, minScore: number): number {
  const boxes = look.detections.filter(({ score }) => score >= minScore).map((d) => d.box);
  let inside = 0;
  let all = 0;
  for (let y = box.y + 0.5; y < box.y + box.h; y++) {
    for (let x = box.x + 0.5; x < box.x + box.w; x++) {
      all += 1;
      const hit = boxes.some((b) => x >= b.x && x < b.x + b.w && y >= b.y && y < b.y + b.h);
      if (hit) inside += 1;
    }
  }
  return inside / all;
}

/** The coded picture that is `planes` once turned clockwise by `rotationDeg`. */
export function turnedBack(planes: I420Planes, rotationDeg: RotationDeg): I420Planes {
  const { widthPx: w, heightPx: h } = planes;
  const size = rotationDeg % 180 === 0 ? planes : { widthPx: h, heightPx: w };
  const out = blankPlanes({ widthPx: size.widthPx, heightPx: size.heightPx });
  for (let y = 0; y < h; y++) {
    for (let x = 0; x < w; x++) {
      const [cx, cy] = codedPoint({ x, y }, { w, h }, rotationDeg);
      out.y[cy * out.strideY + cx] = planes.y[y * planes.strideY + x] ?? 0;
    }
  }
  return out;
}

/** Where a box of the upright picture is in the coded one. */
export function codedBox(
  box: Box,
  upright: { readonly w: number; readonly h: number },
  rotationDeg: RotationDeg,
): Box {
  const a = codedPoint({ x: box.x, y: box.y }, upright, rotationDeg);
  const end = { x: box.x + box.w - 1, y: box.y + box.h - 1 };
  const b = codedPoint(end, upright, rotationDeg);
  const [x, y] = [Math.min(a[0], b[0]), Math.min(a[1], b[1])];
  return { x, y, w: Math.abs(a[0] - b[0]) + 1, h: Math.abs(a[1] - b[1]) + 1 };
}

function codedPoint(
  { x, y }: { readonly x: number; readonly y: number },
  { w, h }: { readonly w: number; readonly h: number },
  rotationDeg: RotationDeg,
): [number, number] {
  if (rotationDeg === 90) return [y, w - 1 - x];
  if (rotationDeg === 180) return [w - 1 - x, h - 1 - y];
  if (rotationDeg === 270) return [h - 1 - y, x];
  return [x, y];
}
