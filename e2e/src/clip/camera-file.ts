import { createHash } from 'node:crypto';
import type { FileHandle } from 'node:fs/promises';
import { mkdir, open, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { Frame } from 'node-av/lib';
import * as z from 'zod';
import type { CellRow, Tones } from '../barcode/row.ts';
import { drawNumber, rowAcross } from '../barcode/row.ts';
import { ProbeError } from '../errors.ts';
import { makeRoom } from './cache-room.ts';
import { openClip } from './decode.ts';

const VERSION = 1;
const STRIP_TONES: Tones = { white: 176, black: 64 };
const STRIP_LEAST_PX = 16;
/** Codecs work on squares of this size: a picture of whole ones is coded without padding. */
const MACROBLOCK_PX = 16;
const GREY = 128;
/** Raw pictures are large: 1080p takes 100 MB a second. */
const MOST_BYTES = 2 ** 31;
/** What is kept besides a new one. */
const MOST_KEPT_BYTES = 2 * MOST_BYTES;

const rowSchema = z.object({
  x: z.number(),
  y: z.number(),
  cellWidthPx: z.number(),
  heightPx: z.number(),
});

const factsSchema = z.object({
  /** Size of the clip's own picture, which is the upper part of what the camera gives. */
  widthPx: z.number(),
  heightPx: z.number(),
  /** Rows below the picture that carry the number of the frame. */
  stripPx: z.number(),
  row: rowSchema,
  framesPerSecond: z.number(),
  frames: z.number(),
  /** The clip is longer than what is kept of it. */
  cut: z.boolean(),
});

/** What a fake camera will show. */
export interface CameraFile extends z.infer<typeof factsSchema> {
  readonly path: string;
  readonly row: CellRow;
}

export interface CameraOptions {
  /** Frames a second that the camera gives, where it is not the clip's own rate. */
  readonly framesPerSecond?: number | undefined;
  readonly cacheFolder: string;
  /** How many frames of the clip at most. */
  readonly mostFrames?: number;
}

/** Rows under the picture: at least 16, so that the whole is made of whole macroblocks. */
export function stripHeight(heightPx: number): number {
  const least = heightPx + STRIP_LEAST_PX;
  return Math.ceil(least / MACROBLOCK_PX) * MACROBLOCK_PX - heightPx;
}

/**
 * Makes the y4m file that Chromium's fake camera plays in a loop: the clip, picture by picture as
 * it is, and under it a strip with the number of each frame. The strip lies outside of the
 * picture, so it hides nothing of the clip, and its tones are those of a wall, not of print. It is
 * kept in `cacheFolder` for the next time, with a few others at most. Throws ProbeError 'clip-unusable'.
 */
export async function makeCameraFile(clip: string, options: CameraOptions): Promise<CameraFile> {
  const info = await stat(clip).catch((cause: unknown) => {
    throw new ProbeError('clip-unusable', `${clip} is not there.`, { cause });
  });
  const what = [
    VERSION,
    clip,
    info.size,
    info.mtimeMs,
    options.framesPerSecond,
    options.mostFrames,
  ];
  const key = createHash('sha256').update(JSON.stringify(what)).digest('hex').slice(0, 12);
  const path = join(options.cacheFolder, `${basename(clip)}.${key}.y4m`);
  const known = await readFile(`${path}.json`, 'utf8').catch(() => undefined);
  if (known !== undefined) {
    const now = new Date();
    await utimes(path, now, now);
    return { path, ...factsSchema.parse(JSON.parse(known)) };
  }
  await mkdir(options.cacheFolder, { recursive: true });
  await makeRoom(options.cacheFolder, MOST_KEPT_BYTES);
  const part = `${path}.${process.pid}.part`;
  try {
    const facts = await write(clip, part, options);
    await rename(part, path);
    await writeFile(`${path}.json`, JSON.stringify(facts));
    return { path, ...facts };
  } finally {
    await rm(part, { force: true });
  }
}

async function write(
  clip: string,
  part: string,
  options: CameraOptions,
): Promise<z.infer<typeof factsSchema>> {
  const source = await openClip(clip);
  const { widthPx, heightPx } = source.facts;
  const framesPerSecond = options.framesPerSecond ?? source.facts.framesPerSecond;
  if (widthPx % 2 !== 0 || heightPx % 2 !== 0) {
    await source.close();
    throw new ProbeError('clip-unusable', `${clip}: a fake camera needs an even size.`);
  }
  const stripPx = stripHeight(heightPx);
  // Two rows of picture-like grey on both sides: no sharp edge at the clip's last row.
  const row = rowAcross({ widthPx }, { y: heightPx + 2, heightPx: stripPx - 4 });
  const canvas = new Canvas(widthPx, heightPx, stripPx);
  const most = Math.floor(MOST_BYTES / canvas.bytes.length);
  const wanted = Math.min(most, options.mostFrames ?? most);
  const file = await open(part, 'w');
  let frames = 0;
  let cut = false;
  try {
    await file.write(header(widthPx, heightPx + stripPx, framesPerSecond));
    for await (const frame of source.frames()) {
      if (frames === wanted) {
        cut = true;
        break;
      }
      canvas.lay(frame);
      drawNumber(canvas.luma, frames, { row, stridePx: widthPx, tones: STRIP_TONES });
      await append(file, canvas.bytes);
      frames++;
    }
  } finally {
    await file.close();
    await source.close();
  }
  if (frames === 0) throw new ProbeError('clip-unusable', `${clip} holds no picture.`);
  return { widthPx, heightPx, stripPx, row, framesPerSecond, frames, cut };
}

function header(widthPx: number, heightPx: number, framesPerSecond: number): string {
  const rate = `${Math.round(framesPerSecond * 1000)}:1000`;
  return `YUV4MPEG2 W${widthPx} H${heightPx} F${rate} Ip A1:1 C420\n`;
}

const FRAME = Buffer.from('FRAME\n');

async function append(file: FileHandle, bytes: Uint8Array): Promise<void> {
  await file.write(FRAME);
  await file.write(bytes);
}

/** One picture with the strip below it, planes without padding. */
class Canvas {
  readonly bytes: Uint8Array;
  readonly luma: Uint8Array;
  readonly #planes: readonly { readonly bytes: Uint8Array; readonly widthPx: number }[];

  constructor(widthPx: number, heightPx: number, stripPx: number) {
    const lumaBytes = widthPx * (heightPx + stripPx);
    this.bytes = new Uint8Array((lumaBytes * 3) / 2).fill(GREY);
    this.luma = this.bytes.subarray(0, lumaBytes);
    const chroma = (at: number) => ({
      bytes: this.bytes.subarray(
        lumaBytes + (at * lumaBytes) / 4,
        lumaBytes + ((at + 1) * lumaBytes) / 4,
      ),
      widthPx: widthPx / 2,
    });
    this.#planes = [{ bytes: this.luma, widthPx }, chroma(0), chroma(1)];
  }

  lay(frame: Frame): void {
    for (const [at, plane] of this.#planes.entries()) {
      const from = frame.data?.[at];
      const stride = frame.linesize[at] ?? 0;
      if (!from) throw new ProbeError('clip-unusable', 'a picture of the clip has no planes');
      const rows = at === 0 ? frame.height : frame.height / 2;
      for (let row = 0; row < rows; row++) {
        const line = from.subarray(row * stride, row * stride + plane.widthPx);
        plane.bytes.set(line, row * plane.widthPx);
      }
    }
  }
}
