import type { Size } from '@drape/anonymizer/core';
import { mkdir, rename, stat } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { Decoder, Demuxer, Encoder, FilterAPI, Muxer, pipeline } from 'node-av/api';
import { AV_LOG_ERROR, FF_ENCODER_LIBX264 } from 'node-av/constants';
import { Log } from 'node-av/lib';
import { EvalError } from '../errors.ts';
import type { TurnDeg } from '../truth/truth.ts';

const FILTERS = { 90: 'transpose=clock', 180: 'hflip,vflip', 270: 'transpose=cclock' } as const;

/**
 * Writes a clip whose pixels are turned clockwise: not its metadata, which players and the
 * pipeline undo. Every frame keeps its time. What is there already and newer is left alone.
 * @returns the size of the pictures before the turn
 * @throws EvalError `decode-failed`
 */
export async function turnClip(
  path: string,
  turnDeg: Exclude<TurnDeg, 0>,
  target: string,
): Promise<Size> {
  Log.setLevel(AV_LOG_ERROR);
  await using input = await Demuxer.open(path);
  const stream = input.video();
  if (!stream) throw new EvalError('decode-failed', `${basename(path)} has no video stream.`);
  const size = { widthPx: stream.codecpar.width, heightPx: stream.codecpar.height };
  if (await isNewer(target, path)) return size;
  await mkdir(dirname(target), { recursive: true });
  const part = `${target}.part.mp4`;
  using decoder = await Decoder.create(stream);
  using filter = FilterAPI.create(FILTERS[turnDeg]);
  // Finer than what was recorded: what is missed is missed for the turn, not for the coding.
  using encoder = await Encoder.create(FF_ENCODER_LIBX264, {
    decoder,
    filter,
    options: { preset: 'veryfast', crf: 10 },
  });
  await using output = await Muxer.open(part);
  await pipeline(input, decoder, filter, encoder, output).completion;
  await output.close();
  await rename(part, target);
  return size;
}

async function isNewer(target: string, than: string): Promise<boolean> {
  const [made, source] = await Promise.all([
    stat(target).catch(() => undefined),
    stat(than).catch(() => undefined),
  ]);
  return made !== undefined && source !== undefined && made.mtimeMs > source.mtimeMs;
}
