import sharp from 'sharp';
import { EvalError } from '../errors.ts';
import type { RgbPicture } from '../judge/mask.ts';

/** Decodes a still as it is stored: an orientation tag does not turn it. */
export async function decodeStill(path: string): Promise<RgbPicture> {
  try {
    const { data, info } = await sharp(path)
      .removeAlpha()
      .toColourspace('srgb')
      .raw()
      .toBuffer({ resolveWithObject: true });
    if (info.channels !== 3) throw new Error(`${info.channels} channels instead of 3`);
    return { widthPx: info.width, heightPx: info.height, rgb: data };
  } catch (cause) {
    throw new EvalError('decode-failed', `${path} can't be decoded as a picture.`, { cause });
  }
}
