import { AV_PIX_FMT_YUV420P } from 'node-av/constants';
import { Frame } from 'node-av/lib';
import type { RotationDeg } from '@drape/anonymizer/core';

/** A new I420 frame with the properties of `like`, pixels undefined. Throws when out of memory. */
export function newI420(like: Frame, widthPx: number, heightPx: number): Frame {
  const frame = new Frame();
  frame.alloc();
  frame.copyProps(like);
  frame.width = widthPx;
  frame.height = heightPx;
  frame.format = AV_PIX_FMT_YUV420P;
  if (frame.getBuffer(0) >= 0) return frame;
  frame.free();
  throw new Error(`out of memory for a ${widthPx}x${heightPx} picture`);
}

interface Plane {
  readonly bytes: Buffer;
  readonly stride: number;
  readonly width: number;
  readonly height: number;
}

/** Copies the picture of `source` to (`xPx`, `yPx`), both even, as far as it fits. */
export function place(target: Frame, source: Frame, xPx = 0, yPx = 0): void {
  const from = planesOf(source);
  planesOf(target).forEach((to, i) => {
    const plane = from[i];
    if (!plane) return;
    const shift = i === 0 ? 0 : 1;
    placePlane(to, plane, xPx >> shift, yPx >> shift);
  });
}

function placePlane(to: Plane, from: Plane, x: number, y: number): void {
  const width = Math.min(from.width, to.width - x);
  const height = Math.min(from.height, to.height - y);
  for (let row = 0; row < height; row += 1) {
    const start = row * from.stride;
    const at = (row + y) * to.stride + x;
    to.bytes.set(from.bytes.subarray(start, start + width), at);
  }
}

/** Repeats the last column and row of the `widthPx`×`heightPx` picture inside `frame` to its edges. */
export function extendEdges(frame: Frame, widthPx: number, heightPx: number): void {
  planesOf(frame).forEach((plane, i) => {
    const width = i === 0 ? widthPx : (widthPx + 1) >> 1;
    const height = i === 0 ? heightPx : (heightPx + 1) >> 1;
    const { bytes, stride } = plane;
    for (let row = 0; row < height && width < plane.width; row += 1) {
      const at = row * stride;
      bytes.fill(bytes[at + width - 1] ?? 0, at + width, at + plane.width);
    }
    const last = (height - 1) * stride;
    for (let row = height; row < plane.height; row += 1) {
      bytes.copyWithin(row * stride, last, last + plane.width);
    }
  });
}

/** Black in the frame's own range. */
export function fillBlack(frame: Frame, fullRange: boolean): void {
  planesOf(frame).forEach(({ bytes }, i) => bytes.fill(i > 0 ? 128 : fullRange ? 0 : 16));
}

/** A new frame with the pixels of `source` turned clockwise. */
export function turned(source: Frame, rotationDeg: RotationDeg): Frame {
  const sideways = rotationDeg === 90 || rotationDeg === 270;
  const [w, h] = sideways ? [source.height, source.width] : [source.width, source.height];
  const target = newI420(source, w, h);
  const from = planesOf(source);
  planesOf(target).forEach((to, i) => {
    const plane = from[i];
    if (plane) turnPlane(to, plane, rotationDeg);
  });
  return target;
}

function turnPlane(to: Plane, from: Plane, rotationDeg: RotationDeg): void {
  // Where the first pixel of the target comes from, and the steps in the source to its right
  // and downward neighbours.
  const { start, right, down } = turnSteps(from, rotationDeg);
  for (let y = 0; y < to.height; y += 1) {
    let at = start + y * down;
    const row = y * to.stride;
    for (let x = 0; x < to.width; x += 1) {
      to.bytes[row + x] = from.bytes[at] ?? 0;
      at += right;
    }
  }
}

function turnSteps(
  { stride, width, height }: Plane,
  rotationDeg: RotationDeg,
): { start: number; right: number; down: number } {
  switch (rotationDeg) {
    case 0:
      return { start: 0, right: 1, down: stride };
    case 90:
      return { start: (height - 1) * stride, right: -stride, down: 1 };
    case 180:
      return { start: (height - 1) * stride + width - 1, right: -1, down: -stride };
    case 270:
      return { start: width - 1, right: stride, down: -1 };
  }
}

function planesOf(frame: Frame): Plane[] {
  const { data, linesize, width, height } = frame;
  return [0, 1, 2].map((i) => {
    const bytes = data?.[i];
    const stride = linesize[i];
    if (!bytes || !stride) throw new Error('not a 4:2:0 picture');
    return i === 0
      ? { bytes, stride, width, height }
      : { bytes, stride, width: (width + 1) >> 1, height: (height + 1) >> 1 };
  });
}
