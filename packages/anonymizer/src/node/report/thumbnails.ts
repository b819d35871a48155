import { letterboxRgb } from '@drape/anonymizer/core';
import type { Box, RawFrame, RotationDeg, Size } from '@drape/anonymizer/core';
import { openVideoSource, readStill } from '../media/index.ts';
import type { Moment } from './moments.ts';

export interface Thumbnail {
  readonly moment: Moment;
  /** Planar RGB of the whole thumbnail, black where the picture does not reach. */
  readonly planes: Uint8Array;
  /** Where the sighting lies in it. */
  readonly box: Box | undefined;
}

export interface ThumbnailSource {
  /** The anonymized output. Never the input: no raw pixel may reach a report. */
  readonly output: string;
  readonly kind: 'video' | 'still';
  /** Time of the timeline's first frame; the output's clock may start elsewhere. */
  readonly firstUs: number;
  readonly sizePx: Size;
}

/** Pictures of the moments (in time order), cut from the anonymized output. */
export async function thumbnails(
  moments: readonly Moment[],
  source: ThumbnailSource,
  signal: AbortSignal | undefined,
): Promise<Thumbnail[]> {
  if (moments.length === 0) return [];
  if (source.kind === 'still') {
    const { frame } = await readStill(source.output);
    try {
      return moments.map((moment) => thumbnailOf(frame, moment, source.sizePx));
    } finally {
      frame.close();
    }
  }
  return fromVideo(moments, source, signal);
}

async function fromVideo(
  moments: readonly Moment[],
  source: ThumbnailSource,
  signal: AbortSignal | undefined,
): Promise<Thumbnail[]> {
  await using video = await openVideoSource(source.output, signal ? { signal } : {});
  const shiftUs = video.info.startUs - source.firstUs;
  const taken: Thumbnail[] = [];
  for await (const frame of video.frames()) {
    try {
      for (let next = moments[taken.length]; next; next = moments[taken.length]) {
        // Containers round times to their own ticks, at most to milliseconds.
        if (frame.info.ptsUs < next.atUs + shiftUs - 1500) break;
        taken.push(thumbnailOf(frame, next, source.sizePx));
      }
    } finally {
      frame.close();
    }
    if (taken.length === moments.length) break;
  }
  return taken;
}

function thumbnailOf(frame: RawFrame, moment: Moment, size: Size): Thumbnail {
  const { rotationDeg } = frame.info;
  const planes = new Uint8Array(size.widthPx * size.heightPx * 3);
  const { content } = letterboxRgb(frame.read(), { ...size, rotationDeg }, planes);
  const box = moment.box && turned(moment.box, frame.info, rotationDeg);
  const isSideways = rotationDeg === 90 || rotationDeg === 270;
  const scale = content.widthPx / (isSideways ? frame.info.heightPx : frame.info.widthPx);
  return {
    moment,
    planes,
    box: box && { x: box.x * scale, y: box.y * scale, w: box.w * scale, h: box.h * scale },
  };
}

/** A coded box in the upright picture, after a clockwise turn. */
function turned(
  [x, y, w, h]: readonly [number, number, number, number],
  { widthPx, heightPx }: Size,
  rotationDeg: RotationDeg,
): Box {
  switch (rotationDeg) {
    case 0:
      return { x, y, w, h };
    case 90:
      return { x: heightPx - y - h, y: x, w: h, h: w };
    case 180:
      return { x: widthPx - x - w, y: heightPx - y - h, w, h };
    case 270:
      return { x: y, y: widthPx - x - w, w: h, h: w };
  }
}
