import { open } from 'node:fs/promises';
import { extname } from 'node:path';
import { MediaError } from './media-error.ts';
import { assertReadableFile, fileError, openInput } from './open-input.ts';
import { SIGNATURE_BYTES, signatureOf } from './still-format.ts';
import type { Signature } from './still-format.ts';
import { chooseVideo } from './streams.ts';

export type MediaKind = 'video' | 'still';

/** JPEG pictures one behind the other begin like a single one. */
const MJPEG_EXTENSIONS = ['.mjpeg', '.mjpg'];

/**
 * Tells by its content, not by its name, what a file is. Throws MediaError: not-found,
 * unreadable, not-media, truncated, no-video, unsupported-container.
 */
export async function probeMedia(path: string): Promise<MediaKind> {
  const signature = await readSignature(path);
  const isSequence = MJPEG_EXTENSIONS.includes(extname(path).toLowerCase());
  if (signature === 'other-picture') throw otherPicture(path);
  if (signature !== 'unknown' && !isSequence) return 'still';
  const context = await openInput(path);
  try {
    if (chooseVideo(context)) return 'video';
    throw noVideo(path);
  } finally {
    await context.closeInput();
  }
}

export async function readSignature(path: string): Promise<Signature> {
  await assertReadableFile(path);
  try {
    await using file = await open(path);
    const head = Buffer.alloc(SIGNATURE_BYTES);
    const { bytesRead } = await file.read(head, 0, SIGNATURE_BYTES, 0);
    return signatureOf(head.subarray(0, bytesRead));
  } catch (error) {
    throw fileError(path, error);
  }
}

export function otherPicture(path: string): MediaError {
  return new MediaError(
    'unsupported-container',
    path,
    'is a picture in a format that is not read (GIF, TIFF, BMP, HEIC, AVIF, JPEG 2000, DICOM); convert it to PNG or JPEG first',
  );
}

export function noVideo(path: string): MediaError {
  return new MediaError('no-video', path, 'holds no video, only sound or other streams');
}
