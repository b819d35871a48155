import type { Box, Size } from '@drape/anonymizer/core';
import { basename, join } from 'node:path';
import sharp from 'sharp';
import { turnClip } from '../decode/turn-clip.ts';
import type { ClipUnit, StillUnit, TruthFrame, TurnDeg } from './truth.ts';

/** A box after its picture was turned clockwise. `size` is the picture's before the turn. */
export function turnBox(box: Box, size: Size, turnDeg: TurnDeg): Box {
  const { x, y, w, h } = box;
  switch (turnDeg) {
    case 0:
      return box;
    case 90:
      return { x: size.heightPx - y - h, y: x, w: h, h: w };
    case 180:
      return { x: size.widthPx - x - w, y: size.heightPx - y - h, w, h };
    case 270:
      return { x: y, y: size.widthPx - x - w, w: h, h: w };
  }
}

/** The same picture, to be turned before the pipeline sees it, with its boxes turned. */
export async function turnedBy(unit: StillUnit, turnDeg: TurnDeg): Promise<StillUnit> {
  const { width: widthPx, height: heightPx } = await sharp(unit.path).metadata();
  const size = { widthPx, heightPx };
  const boxes = unit.boxes.map((one) => ({ ...one, box: turnBox(one.box, size, turnDeg) }));
  return { ...unit, turnDeg, boxes };
}

/**
 * The same clip with its pixels turned, kept in `folder`, and its faces with them. Text is left
 * out: nobody burns it in along the side.
 */
export async function turnedClip(
  unit: ClipUnit,
  turnDeg: Exclude<TurnDeg, 0>,
  folder: string,
): Promise<ClipUnit> {
  const path = join(folder, `${turnDeg}-${basename(unit.path)}`);
  const size = await turnClip(unit.path, turnDeg, path);
  const turned = ({ boxes, ...rest }: TruthFrame): TruthFrame => ({
    ...rest,
    boxes: boxes
      .filter(({ kind }) => kind === 'face')
      .map((one) => ({ ...one, box: turnBox(one.box, size, turnDeg) })),
  });
  const frames = new Map([...unit.frames].map(([number, frame]) => [number, turned(frame)]));
  return { ...unit, name: basename(path), source: basename(path), path, frames };
}
