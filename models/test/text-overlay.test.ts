import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { textOverlay } from '../src/text-overlay.ts';

const size = { widthPx: 320, heightPx: 240 };

describe('textOverlay()', () => {
  it('draws the same lines for the same number, others for another, on a picture of that size', async () => {
    expect(textOverlay(size, 3)).toBe(textOverlay(size, 3));
    expect(textOverlay(size, 3)).not.toBe(textOverlay(size, 4));
    const { width, height } = await sharp(Buffer.from(textOverlay(size, 3))).metadata();
    expect([width, height]).toEqual([320, 240]);
  });

  it('scatters two to nine lines over the whole picture', () => {
    const lines = Array.from({ length: 40 }, (_, seed) => [
      ...textOverlay(size, seed).matchAll(/<text x="([\d.]+)" y="([\d.]+)"/g),
    ]);
    const counts = lines.map((found) => found.length);
    expect(Math.min(...counts)).toBe(2);
    expect(Math.max(...counts)).toBe(9);
    const ys = lines.flat().map(([, , y]) => Number(y));
    expect(Math.max(...ys) - Math.min(...ys)).toBeGreaterThan(150);
  });
});
