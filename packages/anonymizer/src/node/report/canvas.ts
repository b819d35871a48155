import type { Box, Rgb } from '@drape/anonymizer/core';
import { GLYPH, glyphOf } from './font.ts';

/** An RGB picture that shapes, text and other pictures are drawn on. */
export class Canvas {
  readonly widthPx: number;
  readonly heightPx: number;
  /** Interleaved R, G, B, row by row. */
  readonly data: Uint8Array;

  constructor(widthPx: number, heightPx: number, background: Rgb) {
    this.widthPx = widthPx;
    this.heightPx = heightPx;
    this.data = new Uint8Array(widthPx * heightPx * 3);
    this.fill({ x: 0, y: 0, w: widthPx, h: heightPx }, background);
  }

  /** Fills whole pixels; what lies outside is cut off. */
  fill(box: Box, colour: Rgb): void {
    const x0 = Math.max(0, Math.round(box.x));
    const x1 = Math.min(this.widthPx, Math.round(box.x + box.w));
    const y0 = Math.max(0, Math.round(box.y));
    const y1 = Math.min(this.heightPx, Math.round(box.y + box.h));
    for (let y = y0; y < y1; y++) {
      for (let x = x0; x < x1; x++) {
        this.data.set([colour.r, colour.g, colour.b], (y * this.widthPx + x) * 3);
      }
    }
  }

  /** Draws the edge of a box, `linePx` thick, inside it. */
  frame(box: Box, colour: Rgb, linePx: number): void {
    const { x, y, w, h } = box;
    this.fill({ x, y, w, h: linePx }, colour);
    this.fill({ x, y: y + h - linePx, w, h: linePx }, colour);
    this.fill({ x, y, w: linePx, h }, colour);
    this.fill({ x: x + w - linePx, y, w: linePx, h }, colour);
  }

  /** One line of text from the top left corner, `scale` pixels a glyph pixel. */
  text(words: string, at: { x: number; y: number; scale: number }, colour: Rgb): void {
    const { scale } = at;
    for (const [index, character] of Array.from(words).entries()) {
      const ink = glyphOf(character);
      const left = at.x + index * GLYPH.advancePx * scale;
      for (let y = 0; y < GLYPH.heightPx; y++) {
        for (let x = 0; x < GLYPH.widthPx; x++) {
          if (!ink(x, y)) continue;
          this.fill({ x: left + x * scale, y: at.y + y * scale, w: scale, h: scale }, colour);
        }
      }
    }
  }

  /** Copies a planar RGB picture (R, G, B plane) with its top left corner at `at`. */
  planar(
    planes: Uint8Array,
    size: { widthPx: number; heightPx: number },
    at: { x: number; y: number },
  ): void {
    const planeSize = size.widthPx * size.heightPx;
    for (let y = 0; y < size.heightPx; y++) {
      for (let x = 0; x < size.widthPx; x++) {
        const from = y * size.widthPx + x;
        const to = ((at.y + y) * this.widthPx + at.x + x) * 3;
        for (let channel = 0; channel < 3; channel++) {
          this.data[to + channel] = planes[from + channel * planeSize] ?? 0;
        }
      }
    }
  }
}
