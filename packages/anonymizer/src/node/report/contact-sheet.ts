import type { Rgb } from '@drape/anonymizer/core';
import type { Timeline } from '@drape/contract';
import { Canvas } from './canvas.ts';
import { GLYPH } from './font.ts';
import type { Moment } from './moments.ts';
import type { Thumbnail } from './thumbnails.ts';

/** Size of one picture on the sheet. */
export const THUMBNAIL = { widthPx: 320, heightPx: 180 } as const;

const COLUMNS = 4;
const GAP_PX = 12;
const TEXT_SCALE = 2;
const LINE_PX = (GLYPH.heightPx + 3) * TEXT_SCALE;
const CELL = {
  widthPx: THUMBNAIL.widthPx + GAP_PX,
  heightPx: THUMBNAIL.heightPx + 2 * LINE_PX + GAP_PX + 8,
};
const HEAD_PX = 3 * LINE_PX + GAP_PX;

const PAPER: Rgb = { r: 24, g: 26, b: 30 };
const INK: Rgb = { r: 232, g: 234, b: 238 };
const MARK: Rgb = { r: 255, g: 196, b: 0 };

/** Draws the sheet: what it is of, then each picture with time, what, why and score. */
export function drawContactSheet(
  timeline: Timeline,
  pictures: readonly Thumbnail[],
  leftOut: number,
): Canvas {
  const rows = Math.ceil(pictures.length / COLUMNS);
  const sheet = new Canvas(
    COLUMNS * CELL.widthPx + GAP_PX,
    HEAD_PX + rows * CELL.heightPx + GAP_PX,
    PAPER,
  );
  for (const [line, words] of headOf(timeline, leftOut).entries()) {
    sheet.text(words, { x: GAP_PX, y: GAP_PX + line * LINE_PX, scale: TEXT_SCALE }, INK);
  }
  for (const [index, picture] of pictures.entries()) {
    const x = GAP_PX + (index % COLUMNS) * CELL.widthPx;
    const y = HEAD_PX + Math.floor(index / COLUMNS) * CELL.heightPx;
    sheet.planar(picture.planes, THUMBNAIL, { x, y });
    if (picture.box) {
      const { box } = picture;
      sheet.frame({ ...box, x: x + box.x, y: y + box.y }, MARK, 2);
    }
    for (const [line, words] of captionOf(picture.moment).entries()) {
      const top = y + THUMBNAIL.heightPx + 6 + line * LINE_PX;
      sheet.text(words, { x, y: top, scale: TEXT_SCALE }, INK);
    }
  }
  return sheet;
}

function headOf(timeline: Timeline, leftOut: number): string[] {
  const { policy, media, tracks, whole } = timeline;
  const wholeFrames = whole.reduce((sum, interval) => sum + interval.frames, 0);
  const covered =
    tracks.length + wholeFrames === 0
      ? 'nothing was found to cover'
      : `${count(tracks.length, 'track')}, ${count(wholeFrames, 'frame')} covered whole`;
  const more = leftOut > 0 ? `, ${leftOut} more in the timeline` : '';
  return [
    `drape: what was covered. profile ${policy.profile}, style ${policy.style}`,
    `${count(media.frames, 'frame')}, ${covered}${more}`,
  ];
}

function count(number: number, what: string): string {
  return `${number} ${what}${number === 1 ? '' : 's'}`;
}

function captionOf({ atUs, what, why, score }: Moment): string[] {
  const strength = score === undefined ? '' : ` ${score.toFixed(2)}`;
  return [`${timeOf(atUs)} ${what}${strength}`, why];
}

/** `1:02:03.456`, without leading zero fields. */
function timeOf(us: number): string {
  const sign = us < 0 ? '-' : '';
  const ms = Math.round(Math.abs(us) / 1000);
  const two = (value: number): string => String(value).padStart(2, '0');
  const hours = Math.floor(ms / 3_600_000);
  const minutes = Math.floor(ms / 60_000) % 60;
  const seconds = Math.floor(ms / 1000) % 60;
  const head = hours > 0 ? `${hours}:${two(minutes)}` : String(minutes);
  return `${sign}${head}:${two(seconds)}.${String(ms % 1000).padStart(3, '0')}`;
}
