import { readdir } from 'node:fs/promises';
import path from 'node:path';

/** A picture as the converted models take it. */
export interface PlanarImage {
  /** uint8 RGB, three planes of heightPx rows of widthPx. */
  pixels: Uint8Array;
  widthPx: number;
  heightPx: number;
}

/** Every picture below a folder, sorted, and of those `limit` at even distances: the same list on every machine. */
export async function pickImages(dir: string, limit: number): Promise<string[]> {
  const entries = await readdir(dir, { recursive: true });
  const files = entries.filter((name) => /\.(jpe?g|png)$/i.test(name)).sort();
  if (files.length === 0) throw new Error(`no JPEG or PNG pictures below ${dir}`);
  const step = Math.max(1, files.length / limit);
  const count = Math.min(limit, files.length);
  return Array.from({ length: count }, (_, i) => path.join(dir, files[Math.floor(i * step)] ?? ''));
}

/** Letterbox a picture file: aspect ratio kept, at the top left, the rest black; `over`, an SVG of that size, on top. */
export async function letterbox(
  file: string,
  { widthPx, heightPx, over }: { widthPx: number; heightPx: number; over?: string },
): Promise<PlanarImage> {
  const { default: sharp } = await import('sharp');
  const packed = await sharp(file)
    .rotate()
    .flatten()
    .toColourspace('srgb')
    .resize(widthPx, heightPx, {
      fit: 'contain',
      position: 'left top',
      background: '#000',
      kernel: 'linear',
    })
    .composite(over === undefined ? [] : [{ input: Buffer.from(over) }])
    .removeAlpha()
    .raw()
    .toBuffer();
  const area = widthPx * heightPx;
  const pixels = new Uint8Array(3 * area);
  for (let i = 0; i < 3 * area; i++) pixels[(i % 3) * area + Math.floor(i / 3)] = packed[i] ?? 0;
  return { pixels, widthPx, heightPx };
}

/** Input pixels per picture pixel of `letterbox`. */
export async function scaleOf(
  file: string,
  size: { widthPx: number; heightPx: number },
): Promise<number> {
  const { default: sharp } = await import('sharp');
  const { width, height } = await sharp(file).metadata();
  return Math.min(size.widthPx / width, size.heightPx / height);
}
