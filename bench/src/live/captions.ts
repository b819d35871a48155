import type { Box, I420Planes } from '@drape/anonymizer/core';
import sharp from 'sharp';
import type { TruthBox } from '../../../eval/src/truth/truth.ts';

/** Burned-in text that comes up in the middle of a scene, as a patient's name does on a monitor. */
export interface Caption {
  readonly text: string;
  readonly sizePx: number;
  readonly box: Box;
  readonly boxes: readonly TruthBox[];
}

const EVERY_FRAMES = 61;
const SHOWN_FRAMES = 35;
const FIRST_FRAME = 40;
const LINES = [
  'MUSTERMANN, Erika',
  'geb. 12.08.1964 w',
  'Pat-ID 0047-11-8823',
  'Dr. Beispiel OP 4',
];
const PLACES = [
  { x: 40, y: 60 },
  { x: 700, y: 90 },
  { x: 420, y: 360 },
  { x: 60, y: 640 },
  { x: 800, y: 600 },
];
const SIZES_PX = [16, 20, 24, 28, 36];

/** What stands in frame `index`; a new line in another place every 61 frames, for 35 of them. */
export function captionAt(index: number): Caption | undefined {
  const at = index - FIRST_FRAME;
  if (at < 0 || at % EVERY_FRAMES >= SHOWN_FRAMES) return undefined;
  const turn = Math.floor(at / EVERY_FRAMES);
  const text = LINES[turn % LINES.length] ?? '';
  const place = PLACES[turn % PLACES.length] ?? { x: 40, y: 60 };
  const sizePx = SIZES_PX[turn % SIZES_PX.length] ?? 20;
  const box = { ...place, w: Math.round(text.length * sizePx * 0.52), h: sizePx };
  return { text, sizePx, box, boxes: [{ kind: 'text', visibility: 'clear', box }] };
}

const drawn = new Map<string, { readonly alpha: Uint8Array; readonly widthPx: number }>();

/** White with a thin black rim, into luma only. */
export async function drawCaption(
  planes: I420Planes,
  { text, sizePx, box }: Caption,
): Promise<void> {
  const { widthPx, heightPx } = planes;
  const key = `${text} ${sizePx} ${box.x} ${box.y} ${widthPx}`;
  let made = drawn.get(key);
  if (!made) {
    const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${widthPx}" height="${heightPx}"><text x="${box.x}" y="${box.y + sizePx * 0.82}" font-family="sans-serif" font-size="${sizePx}" textLength="${box.w}" fill="white" stroke="black" stroke-width="1" paint-order="stroke">${text}</text></svg>`;
    const pixels = await sharp(Buffer.from(svg)).ensureAlpha().raw().toBuffer();
    made = { alpha: new Uint8Array(pixels), widthPx };
    drawn.set(key, made);
  }
  const bottom = Math.min(heightPx, box.y + box.h + 8);
  for (let y = Math.max(0, box.y - 8); y < bottom; y += 1) {
    for (let x = Math.max(0, box.x - 8); x < Math.min(widthPx, box.x + box.w + 8); x += 1) {
      const from = 4 * (y * widthPx + x);
      const alpha = made.alpha[from + 3] ?? 0;
      if (alpha === 0) continue;
      const at = y * planes.strideY + x;
      const white = 16 + ((made.alpha[from] ?? 0) * 219) / 255;
      planes.y[at] = ((planes.y[at] ?? 0) * (255 - alpha) + white * alpha) / 255;
    }
  }
}
