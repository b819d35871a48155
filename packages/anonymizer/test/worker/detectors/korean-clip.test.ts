import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import type { Box, I420Planes } from '@drape/anonymizer/core';
import { anonymizeFile, openVideoSource } from '@drape/anonymizer/node';
import { withoutPython } from '../fixtures.ts';
import { LINES, overlay } from './overlay.ts';
import { jpegClip } from './jpeg-avi.ts';

const folder = mkdtempSync(join(tmpdir(), 'drape-korean-'));

afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

const FRAMES = 12;

/** Share of a box that is magenta: V far above grey, U above it. */
function magenta({ u, v, strideU, strideV }: I420Planes, box: Box): number {
  let inside = 0;
  let all = 0;
  for (let y = Math.ceil(box.y / 2); y < (box.y + box.h) / 2; y++) {
    for (let x = Math.ceil(box.x / 2); x < (box.x + box.w) / 2; x++) {
      all += 1;
      if ((v[y * strideV + x] ?? 0) > 190 && (u[y * strideU + x] ?? 0) > 160) inside += 1;
    }
  }
  return inside / all;
}

it.skipIf(withoutPython)(
  'a clip with Korean text: every line covered, no string told',
  async () => {
    const { planes, boxes } = await overlay();
    const input = join(folder, 'operation.avi');
    const output = join(folder, 'covered.mp4');
    writeFileSync(
      input,
      await jpegClip(
        Array.from({ length: FRAMES }, () => planes.y),
        planes,
      ),
    );
    const result = await anonymizeFile({
      input,
      output,
      profile: 'mixed',
      style: { kind: 'solid', fill: { r: 255, g: 0, b: 255 } },
      audio: 'drop',
      preset: 'ultrafast',
      dryRun: false,
      report: true,
      detectors: ['text-tesseract'],
      threads: 1,
    });
    await using source = await openVideoSource(output);
    let frames = 0;
    for await (const frame of source.frames()) {
      const shares = boxes.map((box) => magenta(frame.read(), box));
      shares.forEach((share) => {
        expect(share).toBeGreaterThanOrEqual(0.95);
      });
      frame.close();
      frames += 1;
    }
    expect(frames).toBe(FRAMES);
    expect(JSON.stringify(result.timeline)).toContain('text-tesseract');
    const told = [
      JSON.stringify(result),
      ...result.written.map((path) => readFileSync(path, 'utf8')),
    ];
    for (const word of LINES.flatMap((line) => line.split(' '))) {
      for (const text of told) expect(text).not.toContain(word);
    }
  },
);
