import { readFile, writeFile } from 'node:fs/promises';
import sharp from 'sharp';
import type { Sharp } from 'sharp';
import { describe, expect, test } from 'vitest';
import { MediaError, probeMedia, readStill, writeStill } from '@drape/anonymizer/node';
import { sealed } from './sealed.ts';
import { temporaryFolder } from './temporary.ts';

const file = temporaryFolder();
const EXIF = {
  IFD0: { Artist: 'SECRET-surgeon', Copyright: 'SECRET-hospital', Model: 'SECRET-camera' },
  IFD3: { GPSLatitudeRef: 'N', GPSLatitude: '37/1 33/1 59/1' },
};

/** Four coloured quarters, so that turns show. */
async function quarters(widthPx = 64, heightPx = 48): Promise<Sharp> {
  const colours = [
    [255, 0, 0],
    [0, 255, 0],
    [0, 0, 255],
    [250, 250, 250],
  ] as const;
  const pixels = Buffer.alloc(widthPx * heightPx * 3);
  for (let y = 0; y < heightPx; y += 1) {
    for (let x = 0; x < widthPx; x += 1) {
      const colour = colours[(y * 2 >= heightPx ? 2 : 0) + (x * 2 >= widthPx ? 1 : 0)] ?? [0, 0, 0];
      pixels.set(colour, (y * widthPx + x) * 3);
    }
  }
  const raw = { width: widthPx, height: heightPx, channels: 3 as const };
  return sharp(await sharp(pixels, { raw }).png().toBuffer());
}

async function pixelAt(path: string, x: number, y: number): Promise<number[]> {
  const { data, info } = await sharp(path).raw().toBuffer({ resolveWithObject: true });
  const at = (y * info.width + x) * info.channels;
  return [...data.subarray(at, at + 3)];
}

function expectColour(actual: readonly number[], wanted: readonly number[]): void {
  wanted.forEach((value, i) => {
    expect(Math.abs((actual[i] ?? NaN) - value)).toBeLessThan(16);
  });
}

async function copyStill(input: string, output: string): Promise<void> {
  const { frame } = await readStill(input);
  const painted = sealed(frame);
  await writeStill(output, painted);
  painted.close();
}

async function reasonOf(work: Promise<unknown>): Promise<unknown> {
  const error: unknown = await work.then(
    () => undefined,
    (caught: unknown) => caught,
  );
  return error instanceof MediaError ? error.reason : error;
}

describe.each(['jpg', 'png', 'webp'])('%s', (extension) => {
  test('keeps its pixels and loses its metadata', async () => {
    const input = file(`in.${extension}`);
    const xmp = '<x:xmpmeta xmlns:x="adobe:ns:meta/"><a>SECRET-xmp</a></x:xmpmeta>';
    await (await quarters()).withExif(EXIF).withXmp(xmp).toFile(input);
    expect((await readFile(input)).toString('latin1')).toContain('SECRET');
    expect(await probeMedia(input)).toBe('still');
    const output = file(`out.${extension}`);
    await copyStill(input, output);
    const bytes = (await readFile(output)).toString('latin1');
    expect(bytes).not.toMatch(/SECRET|Exif|xmp|GPS/);
    const meta = await sharp(output).metadata();
    expect(meta).toMatchObject({ width: 64, height: 48, hasProfile: false, hasAlpha: false });
    expect(meta).not.toHaveProperty('exif');
    expectColour(await pixelAt(output, 10, 10), [255, 0, 0]);
    expectColour(await pixelAt(output, 50, 10), [0, 255, 0]);
    expectColour(await pixelAt(output, 10, 40), [0, 0, 255]);
  });

  test('odd sizes', async () => {
    const input = file(`odd.${extension}`);
    await (await quarters(33, 17)).toFile(input);
    await copyStill(input, file(`odd-out.${extension}`));
    const meta = await sharp(file(`odd-out.${extension}`)).metadata();
    expect(meta).toMatchObject({ width: 33, height: 17 });
  });
});

test('EXIF orientation is applied to the pixels', async () => {
  // 6: show it turned clockwise by a quarter.
  await (await quarters()).withMetadata({ orientation: 6 }).jpeg().toFile(file('turned.jpg'));
  const { info, frame } = await readStill(file('turned.jpg'));
  expect(info).toMatchObject({ widthPx: 48, heightPx: 64, format: 'jpeg' });
  expect(frame.info).toMatchObject({ rotationDeg: 0, intact: true });
  frame.close();
  await copyStill(file('turned.jpg'), file('turned-out.jpg'));
  expectColour(await pixelAt(file('turned-out.jpg'), 40, 10), [255, 0, 0]);
  expect((await sharp(file('turned-out.jpg')).metadata()).orientation ?? 1).toBe(1);
});

test('16-bit, gray and transparent pictures become 8-bit RGB', async () => {
  const plain = await quarters();
  await plain.clone().toColourspace('rgb16').png().toFile(file('deep.png'));
  await copyStill(file('deep.png'), file('deep-out.png'));
  expectColour(await pixelAt(file('deep-out.png'), 10, 10), [255, 0, 0]);
  expect(await sharp(file('deep-out.png')).metadata()).toMatchObject({ depth: 'uchar' });

  await plain.clone().toColourspace('b-w').png().toFile(file('gray.png'));
  await copyStill(file('gray.png'), file('gray-out.png'));
  const [r = 0, g = 0, b = 0] = await pixelAt(file('gray-out.png'), 50, 40);
  expect([r, g, b]).toEqual([r, r, r]);

  await plain.clone().ensureAlpha(0).png().toFile(file('clear.png'));
  await copyStill(file('clear.png'), file('clear-out.png'));
  expectColour(await pixelAt(file('clear-out.png'), 10, 10), [255, 255, 255]);
});

describe('refused', () => {
  test('animations', async () => {
    const frames = Buffer.alloc(16 * 32 * 3, 90);
    frames.fill(200, 16 * 16 * 3);
    const animation = sharp(frames, {
      raw: { width: 16, height: 32, channels: 3, pageHeight: 16 },
    });
    await animation.clone().webp().toFile(file('moving.webp'));
    await animation.clone().gif().toFile(file('moving.gif'));
    expect(await reasonOf(readStill(file('moving.webp')))).toBe('unsupported-container');
    expect(await reasonOf(readStill(file('moving.gif')))).toBe('unsupported-container');
    expect(await reasonOf(probeMedia(file('moving.gif')))).toBe('unsupported-container');
  });

  test('truncated pictures', async () => {
    const bytes = await (await quarters(640, 480)).jpeg().toBuffer();
    await writeFile(file('cut.jpg'), bytes.subarray(0, Math.floor(bytes.length / 2)));
    expect(await reasonOf(readStill(file('cut.jpg')))).toBe('damaged');
  });

  test('a text named .png', async () => {
    await writeFile(file('text.png'), 'not a picture');
    expect(await reasonOf(readStill(file('text.png')))).toBe('not-media');
  });

  test('a picture that unpacks to more than the limit', async () => {
    const wide = { width: 9000, height: 8, channels: 3 as const, background: '#000000' };
    await sharp({ create: wide }).png().toFile(file('wide.png'));
    expect(await reasonOf(readStill(file('wide.png')))).toBe('too-large');
    const header = await sharp({ create: { ...wide, width: 8 } })
      .png()
      .toBuffer();
    // The width in the header, and nothing behind it that would fill it.
    header.writeUInt32BE(200_000, 16);
    header.writeUInt32BE(200_000, 20);
    await writeFile(file('bomb.png'), header);
    expect(['too-large', 'damaged']).toContain(await reasonOf(readStill(file('bomb.png'))));
  });

  test('an output name of no known format, and a folder that is not there', async () => {
    await (await quarters()).png().toFile(file('plain.png'));
    expect(await reasonOf(copyStill(file('plain.png'), file('out.bmp')))).toBe(
      'unsupported-container',
    );
    expect(await reasonOf(copyStill(file('plain.png'), file('no/out.png')))).toBe('unwritable');
  });

  test('a raw frame', async () => {
    const { frame } = await readStill(file('plain.png'));
    await expect(writeStill(file('raw.png'), frame as never)).rejects.toThrow(TypeError);
    frame.close();
  });
});
