export { MOST_CELLS } from './grid.ts';
export { paintFrame, SLATE } from './paint-frame.ts';
export { rgbToYuv } from './style.ts';
export type { PaintStyle, Rgb, Yuv } from './style.ts';
