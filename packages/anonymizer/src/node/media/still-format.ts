import { extname } from 'node:path';
import { MediaError } from './media-error.ts';

/** Pictures that are read and written. */
export type StillFormat = 'jpeg' | 'png' | 'webp';

const BY_EXTENSION: Readonly<Record<string, StillFormat>> = {
  '.jpg': 'jpeg',
  '.jpeg': 'jpeg',
  '.png': 'png',
  '.webp': 'webp',
};

/** Extensions of pictures that can be written, with their dot. */
export const WRITTEN_STILL_EXTENSIONS: readonly string[] = Object.keys(BY_EXTENSION);

/** The format of an output name. Throws MediaError unsupported-container for any other. */
export function stillFormatFor(path: string): StillFormat {
  const extension = extname(path).toLowerCase();
  const format = BY_EXTENSION[extension];
  if (format) return format;
  throw new MediaError(
    'unsupported-container',
    path,
    `can't write ${extension === '' ? 'a picture without an extension' : extension}; name the output ${WRITTEN_STILL_EXTENSIONS.join(', ')}`,
  );
}

/** What the first bytes of a file say that it is. */
export type Signature = StillFormat | 'other-picture' | 'unknown';

const OTHER_BRANDS = ['heic', 'heix', 'heif', 'hevc', 'hevx', 'mif1', 'msf1', 'avif', 'avis'];
const DICOM_AT = 128;

/** How many bytes `signatureOf` wants to see. */
export const SIGNATURE_BYTES = 132;

export function signatureOf(head: Buffer): Signature {
  const text = (from: number, to: number): string => head.toString('latin1', from, to);
  if (text(0, 3) === '\xff\xd8\xff') return 'jpeg';
  if (text(0, 8) === '\x89PNG\r\n\x1a\n') return 'png';
  if (text(0, 4) === 'RIFF' && text(8, 12) === 'WEBP') return 'webp';
  const isOther =
    text(0, 4) === 'GIF8' ||
    text(0, 4) === 'II*\0' ||
    text(0, 4) === 'MM\0*' ||
    (text(0, 2) === 'BM' && head.length > 26 && head.readUInt32LE(14) <= 124) ||
    text(DICOM_AT, DICOM_AT + 4) === 'DICM' ||
    text(0, 4) === '\0\0\0\x0cjP' ||
    (text(4, 8) === 'ftyp' && OTHER_BRANDS.includes(text(8, 12)));
  return isOther ? 'other-picture' : 'unknown';
}
