import type { Box, Size } from '@drape/anonymizer/core';
import { clipBox } from '@drape/anonymizer/core';
import type { Sharp } from 'sharp';
import sharp from 'sharp';
import type { PaintMask, RgbPicture } from '../judge/mask.ts';

const CROP_HEIGHT_PX = 360;
const PICTURE_WIDTH_PX = 1280;

function open(picture: RgbPicture): Sharp {
  const { widthPx: width, heightPx: height } = picture;
  return sharp(picture.rgb, { raw: { width, height, channels: 3 } });
}

function whole(box: Box, size: Size): { left: number; top: number; width: number; height: number } {
  const inside = clipBox(box, size) ?? { x: 0, y: 0, w: 1, h: 1 };
  const left = Math.floor(inside.x);
  const top = Math.floor(inside.y);
  return {
    left,
    top,
    width: Math.max(1, Math.min(size.widthPx, Math.ceil(inside.x + inside.w)) - left),
    height: Math.max(1, Math.min(size.heightPx, Math.ceil(inside.y + inside.h)) - top),
  };
}

/** Surroundings of a box, source and output side by side, the box outlined in both. */
export async function cropPair(
  box: Box,
  pair: { readonly source: RgbPicture; readonly output: RgbPicture },
): Promise<Buffer> {
  const margin = Math.max(box.w, box.h, 24);
  const around = {
    x: box.x - margin,
    y: box.y - margin,
    w: box.w + 2 * margin,
    h: box.h + 2 * margin,
  };
  const region = whole(around, pair.source);
  const scale = CROP_HEIGHT_PX / region.height;
  const width = Math.max(1, Math.round(region.width * scale));
  const outline = Buffer.from(
    `<svg width="${width}" height="${CROP_HEIGHT_PX}"><rect fill="none" stroke="#0f0" ` +
      `stroke-width="2" x="${(box.x - region.left) * scale}" y="${(box.y - region.top) * scale}" ` +
      `width="${box.w * scale}" height="${box.h * scale}"/></svg>`,
  );
  const side = (picture: RgbPicture): Promise<Buffer> =>
    open(picture)
      .extract(region)
      .resize(width, CROP_HEIGHT_PX, { fit: 'fill' })
      .composite([{ input: outline }])
      .png()
      .toBuffer();
  const [left, right] = await Promise.all([side(pair.source), side(pair.output)]);
  const canvas = { width: 2 * width + 8, height: CROP_HEIGHT_PX, channels: 3, background: '#fff' };
  return sharp({ create: { ...canvas, channels: 3 } })
    .composite([
      { input: left, left: 0, top: 0 },
      { input: right, left: width + 8, top: 0 },
    ])
    .png()
    .toBuffer();
}

/** The source with a green line around whatever was painted, and boxes of the truth in yellow. */
export async function outlined(
  source: RgbPicture,
  marks: { readonly mask: PaintMask; readonly boxes: readonly Box[] },
): Promise<Buffer> {
  const rgb = Uint8Array.from(source.rgb);
  const { widthPx, heightPx, bits } = marks.mask;
  const width = Math.max(1, Math.round(widthPx / 640));
  for (let y = 0; y < heightPx; y++) {
    for (let x = 0; x < widthPx; x++) {
      const at = y * widthPx + x;
      if (bits[at] !== 1) continue;
      const rim =
        x < width ||
        y < width ||
        x >= widthPx - width ||
        y >= heightPx - width ||
        bits[at - width] !== 1 ||
        bits[at + width] !== 1 ||
        bits[at - width * widthPx] !== 1 ||
        bits[at + width * widthPx] !== 1;
      if (rim) rgb.set([0, 255, 0], at * 3);
    }
  }
  const rects = marks.boxes.map(
    (box) =>
      `<rect fill="none" stroke="#ff0" stroke-width="${width}" x="${box.x}" y="${box.y}" width="${box.w}" height="${box.h}"/>`,
  );
  const overlay = `<svg width="${widthPx}" height="${heightPx}">${rects.join('')}</svg>`;
  const marked = await open({ widthPx, heightPx, rgb })
    .composite([{ input: Buffer.from(overlay) }])
    .png({ compressionLevel: 1 })
    .toBuffer();
  return sharp(marked)
    .resize({ width: PICTURE_WIDTH_PX, withoutEnlargement: true })
    .png()
    .toBuffer();
}
