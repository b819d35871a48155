import { readFileSync } from 'node:fs';
import opentype, { type Font } from 'opentype.js';

/** Nanum Gothic Coding (SIL Open Font License), from npm: the picture is the same on every machine. */
const files = ['korean', 'latin'].map((subset) =>
  import.meta.resolve(
    `@fontsource/nanum-gothic-coding/files/nanum-gothic-coding-${subset}-700-normal.woff`,
  ),
);
const fonts: readonly Font[] = files.map((file) =>
  opentype.parse(new Uint8Array(readFileSync(new URL(file))).buffer),
);

export interface Line {
  text: string;
  /** Start of the baseline, in pixels. */
  x: number;
  y: number;
  sizePx: number;
}

/** White letters with a black edge, as video processors burn them in. @returns an SVG path */
export function burnedIn({ text, x, y, sizePx }: Line): string {
  const font = fonts.find((candidate) =>
    Array.from(text).every((letter) => candidate.charToGlyphIndex(letter) !== 0),
  );
  if (font === undefined) throw new Error(`no font of the sample has all letters of "${text}"`);
  const outline = font.getPath(text, x, y, sizePx).toPathData(1);
  return `<path d="${outline}" fill="#f4f4f4" stroke="#000" stroke-width="${sizePx / 8}" paint-order="stroke"/>`;
}
