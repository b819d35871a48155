import { AnonymizedFrame, RawFrame } from '@drape/anonymizer/core';
import sharp from 'sharp';
import { MAX_SIDE_PX, tooLarge } from './decoder.ts';
import { MediaError } from './media-error.ts';
import { MemoryFrameBuffer } from './memory-frame-buffer.ts';
import { otherPicture, readSignature } from './probe.ts';
import { i420ToRgb, rgbToI420 } from './rgb-i420.ts';
import { stillFormatFor } from './still-format.ts';
import type { StillFormat } from './still-format.ts';

/** Pixels that are decoded at most: a small file can unpack to gigabytes. */
const LIMIT_INPUT_PIXELS = MAX_SIDE_PX * MAX_SIDE_PX * 2;
const DEFAULT_QUALITY = 92;

export interface StillInfo {
  /** The file, as the caller named it. */
  readonly path: string;
  readonly format: StillFormat;
  /** Upright. */
  readonly widthPx: number;
  readonly heightPx: number;
}

/**
 * Reads a JPEG, PNG or WebP picture: upright, 8 bits, sRGB, transparency on white. The caller
 * closes the frame. Throws MediaError: not-found, unreadable, not-media, unsupported-container,
 * too-large, damaged.
 */
export async function readStill(
  path: string,
): Promise<{ readonly info: StillInfo; readonly frame: RawFrame<MemoryFrameBuffer> }> {
  const format = await readSignature(path);
  if (format === 'other-picture') throw otherPicture(path);
  if (format === 'unknown') throw new MediaError('not-media', path, 'is not a picture');
  try {
    const image = sharp(path, { limitInputPixels: LIMIT_INPUT_PIXELS, failOn: 'warning' });
    const { pages = 1, width, height } = await image.metadata();
    if (pages > 1) throw animated(path);
    if (width > MAX_SIDE_PX || height > MAX_SIDE_PX) throw tooLarge(path, width, height);
    const { data, info } = await image
      .autoOrient()
      .flatten({ background: '#ffffff' })
      .toColourspace('srgb')
      .raw({ depth: 'uchar' })
      .toBuffer({ resolveWithObject: true });
    return frameOf({ path, format, widthPx: info.width, heightPx: info.height }, data);
  } catch (error) {
    throw readError(path, error);
  }
}

/**
 * Writes an anonymized picture without any metadata; closes nothing. The format is that of the
 * extension unless given; `quality` is 1..100 for JPEG and WebP. Throws MediaError:
 * unsupported-container, unwritable, disk-full; TypeError for anything that is not an
 * AnonymizedFrame.
 */
export async function writeStill(
  path: string,
  frame: AnonymizedFrame,
  options: { readonly format?: StillFormat; readonly quality?: number } = {},
): Promise<void> {
  if (!AnonymizedFrame.isSealed(frame)) {
    throw new TypeError('a sink takes only frames that the pipeline has anonymized');
  }
  const format = options.format ?? stillFormatFor(path);
  const quality = options.quality ?? DEFAULT_QUALITY;
  const planes = frame.buffer.read();
  const { widthPx: width, heightPx: height } = planes;
  const image = sharp(i420ToRgb(planes), { raw: { width, height, channels: 3 } });
  try {
    await image.toFormat(format, format === 'png' ? {} : { quality }).toFile(path);
  } catch (error) {
    throw writeError(path, error);
  }
}

function frameOf(
  info: StillInfo,
  data: Buffer,
): { info: StillInfo; frame: RawFrame<MemoryFrameBuffer> } {
  const { widthPx, heightPx } = info;
  const buffer = new MemoryFrameBuffer(info);
  const channels = data.length / (widthPx * heightPx);
  rgbToI420(channels === 3 ? data : grayToRgb(data, channels), buffer.read());
  const frame = new RawFrame(
    { index: 0, ptsUs: 0, widthPx, heightPx, rotationDeg: 0, intact: true },
    buffer,
  );
  return { info, frame };
}

function grayToRgb(data: Buffer, channels: number): Uint8Array {
  const rgb = new Uint8Array((data.length / channels) * 3);
  for (let i = 0; i < rgb.length; i += 1) rgb[i] = data[Math.floor(i / 3) * channels] ?? 0;
  return rgb;
}

function animated(path: string): MediaError {
  return new MediaError(
    'unsupported-container',
    path,
    'is animated, which is not read as a picture; convert it to a video first',
  );
}

function readError(path: string, error: unknown): MediaError {
  if (error instanceof MediaError) return error;
  const text = error instanceof Error ? error.message : String(error);
  if (text.includes('pixel limit')) {
    return new MediaError('too-large', path, `unpacks to more than ${LIMIT_INPUT_PIXELS} pixels`, {
      cause: error,
    });
  }
  return new MediaError('damaged', path, 'is damaged; copy it again from where it was made', {
    cause: error,
  });
}

function writeError(path: string, error: unknown): MediaError {
  const text = error instanceof Error ? error.message : String(error);
  if (text.includes('No space left')) {
    return new MediaError('disk-full', path, 'the disk is full; free some space', { cause: error });
  }
  return new MediaError(
    'unwritable',
    path,
    "can't be written; check that its folder exists and may be written to",
    { cause: error },
  );
}
