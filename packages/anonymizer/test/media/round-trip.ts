import { expect } from 'vitest';
import { openVideoSink, openVideoSource } from '@drape/anonymizer/node';
import type { MediaWarning, VideoInfo, VideoSinkOptions } from '@drape/anonymizer/node';
import { sealed } from './sealed.ts';

export interface Decoded {
  readonly info: VideoInfo;
  readonly ptsUs: number[];
  readonly intact: boolean[];
  /** Mean luma of each frame. */
  readonly luma: number[];
  readonly warnings: readonly MediaWarning[];
}

/** Reads a file to its end and closes every frame. */
export async function decodeAll(path: string, threads = 1): Promise<Decoded> {
  await using source = await openVideoSource(path, { threads });
  const ptsUs: number[] = [];
  const intact: boolean[] = [];
  const luma: number[] = [];
  for await (const frame of source.frames()) {
    ptsUs.push(frame.info.ptsUs);
    intact.push(frame.info.intact);
    const { y, strideY, widthPx, heightPx } = frame.read();
    let sum = 0;
    for (let row = 0; row < heightPx; row += 1) {
      for (const value of y.subarray(row * strideY, row * strideY + widthPx)) sum += value;
    }
    luma.push(sum / (widthPx * heightPx));
    frame.close();
  }
  return { info: source.info, ptsUs, intact, luma, warnings: source.warnings };
}

/** Source → sink with nothing painted; gives the sink's warnings. */
export async function copyVideo(
  input: string,
  output: string,
  options: Partial<VideoSinkOptions> = {},
): Promise<readonly MediaWarning[]> {
  await using source = await openVideoSource(input);
  const sink = await openVideoSink(output, {
    info: source.info,
    preset: 'ultrafast',
    audio: 'drop',
    threads: 1,
    ...options,
  });
  for await (const frame of source.frames()) await sink.write(sealed(frame));
  await sink.finish();
  return sink.warnings;
}

/** Two pictures are as bright as each other, up to what coding changes. */
export function expectLuma(actual: number | undefined, wanted: number | undefined): void {
  expect(Math.abs((actual ?? NaN) - (wanted ?? NaN))).toBeLessThan(1.5);
}
