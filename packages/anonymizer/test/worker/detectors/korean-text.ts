import { readFileSync, mkdtempSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inflateSync } from 'node:zlib';
import sharp from 'sharp';
import type { Box, I420Planes } from '@drape/anonymizer/core';

/** Grey values 0..255 of one drawn line, row by row. */
interface DrawnLine {
  readonly widthPx: number;
  readonly heightPx: number;
  readonly ink: Uint8Array;
}

const require = createRequire(import.meta.url);
let fontPath: string | undefined;

/** NanumGothic (OFL) from `@fontsource/nanum-gothic`, as a file that the text renderer reads. */
function koreanFont(): string {
  if (fontPath !== undefined) return fontPath;
  const css = require.resolve('@fontsource/nanum-gothic/korean-400.css');
  const woff = readFileSync(join(css, '..', 'files', 'nanum-gothic-korean-400-normal.woff'));
  fontPath = join(mkdtempSync(join(tmpdir(), 'drape-font-')), 'nanum.ttf');
  writeFileSync(fontPath, unpackWoff(woff));
  return fontPath;
}

/** WOFF 1.0 (W3C, 2012) to the font it packs: tables inflated, directory rewritten. */
function unpackWoff(woff: Buffer): Buffer {
  const count = woff.readUInt16BE(12);
  const head = Buffer.alloc(12 + 16 * count);
  woff.copy(head, 0, 4, 8);
  const power = 2 ** Math.floor(Math.log2(count));
  head.writeUInt16BE(count, 4);
  head.writeUInt16BE(16 * power, 6);
  head.writeUInt16BE(Math.log2(power), 8);
  head.writeUInt16BE(16 * (count - power), 10);
  const parts: Uint8Array[] = [head];
  let at = head.length;
  for (let index = 0; index < count; index++) {
    const entry = 44 + 20 * index;
    const [offset, packedBytes, bytes, sum] = [4, 8, 12, 16].map((o) =>
      woff.readUInt32BE(entry + o),
    );
    const packed = woff.subarray(offset ?? 0, (offset ?? 0) + (packedBytes ?? 0));
    const table = packed.length < (bytes ?? 0) ? inflateSync(packed) : packed;
    const padding = Buffer.alloc((4 - (table.length % 4)) % 4);
    woff.copy(head, 12 + 16 * index, entry, entry + 4);
    [sum, at, bytes].forEach((value, field) =>
      head.writeUInt32BE(value ?? 0, 12 + 16 * index + 4 + 4 * field),
    );
    parts.push(table, padding);
    at += table.length + padding.length;
  }
  return Buffer.concat(parts);
}

async function drawLine(text: string, heightPx: number): Promise<DrawnLine> {
  const fontfile = koreanFont();
  const drawn = sharp({ text: { text, fontfile, font: 'Nanum Gothic', dpi: 300, rgba: true } });
  const { data, info } = await drawn
    .extractChannel('alpha')
    .resize({ height: heightPx })
    .raw()
    .toBuffer({ resolveWithObject: true });
  return { widthPx: info.width, heightPx: info.height, ink: new Uint8Array(data) };
}

/** Burns a line into the picture at a place, in a luma; tells the box of its ink. */
export async function burnText(
  planes: I420Planes,
  text: string,
  place: {
    readonly x: number;
    readonly y: number;
    readonly heightPx: number;
    readonly luma: number;
  },
): Promise<Box> {
  const line = await drawLine(text, place.heightPx);
  for (let y = 0; y < line.heightPx; y++) {
    for (let x = 0; x < line.widthPx; x++) {
      const ink = (line.ink[y * line.widthPx + x] ?? 0) / 255;
      const at = (place.y + y) * planes.strideY + place.x + x;
      planes.y[at] = Math.round((planes.y[at] ?? 0) * (1 - ink) + place.luma * ink);
    }
  }
  return { x: place.x, y: place.y, w: line.widthPx, h: line.heightPx };
}
