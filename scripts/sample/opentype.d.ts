// opentype.js ships no types; this is the part the sample uses.
declare module 'opentype.js' {
  interface Path {
    /** SVG path data with `decimalPlaces` digits after the point. */
    toPathData(decimalPlaces: number): string;
  }
  export interface Font {
    /** Outline of a line of text; `x`, `y` of its baseline's start, all in pixels. */
    getPath(text: string, x: number, y: number, fontSizePx: number): Path;
    /** Index 0 is the "missing glyph". */
    charToGlyphIndex(character: string): number;
  }
  const opentype: {
    /** @throws Error when the bytes are no TrueType, OpenType or WOFF font */
    parse(bytes: ArrayBuffer): Font;
  };
  export default opentype;
}
