import sharp from 'sharp';
import type { Size } from '@drape/anonymizer/core';

function chunk(id: string, ...parts: readonly Uint8Array[]): Buffer {
  const body = Buffer.concat(parts);
  const head = Buffer.from(`${id}\0\0\0\0`, 'latin1');
  head.writeUInt32LE(body.length, 4);
  return Buffer.concat([head, body]);
}

function words(...values: readonly number[]): Buffer {
  const out = Buffer.alloc(4 * values.length);
  values.forEach((value, index) => out.writeUInt32LE(value, 4 * index));
  return out;
}

function list(id: string, ...parts: readonly Uint8Array[]): Buffer {
  return chunk('LIST', Buffer.from(id, 'latin1'), ...parts);
}

/** A Motion JPEG clip of lumas without padding, 10 frames a second (RIFF AVI). */
export async function jpegClip(lumas: readonly Uint8Array[], size: Size): Promise<Buffer> {
  const { widthPx: w, heightPx: h } = size;
  const pictures = await Promise.all(lumas.map((luma) => jpegChunk(luma, size)));
  const bytes = Math.max(...pictures.map((picture) => picture.length));
  const frames = pictures.length;
  const text = (id: string): Buffer => Buffer.from(id, 'latin1');
  const avih = chunk('avih', words(100_000, 0, 0, 0, frames, 0, 1, bytes, w, h, 0, 0, 0, 0));
  const strh = chunk(
    'strh',
    text('vidsMJPG'),
    words(0, 0, 0, 1, 10, 0, frames, bytes, 0xffffffff, 0, 0, h * 65_536 + w),
  );
  // BITMAPINFOHEADER: one plane, 24 bits a pixel.
  const strf = chunk('strf', words(40, w, h, 1 + 24 * 65_536), text('MJPG'), words(0, 0, 0, 0, 0));
  const header = list('hdrl', avih, list('strl', strh, strf));
  return chunk('RIFF', text('AVI '), header, list('movi', ...pictures));
}

async function jpegChunk(luma: Uint8Array, { widthPx, heightPx }: Size): Promise<Buffer> {
  const grey = { raw: { width: widthPx, height: heightPx, channels: 1 as const } };
  const jpeg = await sharp(luma, grey).toColourspace('srgb').jpeg({ quality: 95 }).toBuffer();
  // RIFF chunks begin at even places.
  return chunk('00dc', jpeg, Buffer.alloc(jpeg.length % 2));
}
