import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Box, Rgb } from '@drape/anonymizer/core';
import { anonymizeFile } from '@drape/anonymizer/node';
import sharp from 'sharp';
import { drawTestPicture } from './drawing.ts';
import type { ProbeAnswer } from './finding.ts';

const FILL: Rgb = { r: 255, g: 0, b: 255 };
/** Rounding to limited-range YUV and back moves a channel by up to 3, chroma at edges by more. */
const SAME_WITHIN = 12;

/** Draws a picture, anonymizes it with the real models and judges the pixels that come out. */
export async function probeSelfTest(): Promise<ProbeAnswer> {
  const folder = await mkdtemp(path.join(tmpdir(), 'drape-doctor-'));
  try {
    const input = path.join(folder, 'drawn.png');
    const output = path.join(folder, 'covered.png');
    const drawing = await drawTestPicture();
    await sharp(Buffer.from(drawing.svg)).removeAlpha().png().toFile(input);
    await anonymizeFile({
      input,
      output,
      profile: 'mixed',
      style: { kind: 'solid', fill: FILL },
      audio: 'drop',
      preset: 'veryfast',
      dryRun: false,
      report: false,
      threads: 1,
    });
    const [before, after] = await Promise.all([pixelsOf(input), pixelsOf(output)]);
    const shares = drawing.targets.map(({ name, box, leastCovered }) => {
      const share = shareOf(box, (x, y) => isNear(after.at(x, y), FILL));
      return { words: `${name} ${Math.floor(share * 100)} %`, isFine: share >= leastCovered };
    });
    const open = shareOf(drawing.open, (x, y) => isNear(after.at(x, y), before.at(x, y)));
    const isFine = shares.every((share) => share.isFine) && open > 0.99;
    const words = shares.map((share) => share.words).join(', ');
    return {
      state: isFine ? 'ok' : 'failed',
      detail: `covered in a drawn picture: ${words}; ${Math.floor(open * 100)} % of the rest unchanged`,
    };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

interface Pixels {
  at(x: number, y: number): Rgb;
}

async function pixelsOf(file: string): Promise<Pixels> {
  const { data, info } = await sharp(file)
    .removeAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true });
  return {
    at(x, y) {
      const from = (y * info.width + x) * 3;
      return { r: data[from] ?? 0, g: data[from + 1] ?? 0, b: data[from + 2] ?? 0 };
    },
  };
}

function shareOf(box: Box, holds: (x: number, y: number) => boolean): number {
  let count = 0;
  for (let y = box.y; y < box.y + box.h; y++) {
    for (let x = box.x; x < box.x + box.w; x++) if (holds(x, y)) count++;
  }
  return count / (box.w * box.h);
}

function isNear(a: Rgb, b: Rgb): boolean {
  return Math.max(Math.abs(a.r - b.r), Math.abs(a.g - b.g), Math.abs(a.b - b.b)) <= SAME_WITHIN;
}
