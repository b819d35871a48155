import type { PaintStyle } from '@drape/anonymizer/core';
import { UserError } from '../user-error.ts';
import { parseColour } from './fill.ts';

export const STYLES = ['solid', 'pixelate', 'blur'] as const;
export type StyleName = (typeof STYLES)[number];

/** The paint style of `--style` and `--fill`. @throws UserError for a fill without solid */
export function parseStyle(kind: StyleName, fill: string | undefined): PaintStyle {
  if (kind === 'solid') return { kind, fill: parseColour(fill ?? 'black') };
  if (fill !== undefined) {
    throw new UserError(`--fill belongs to --style solid: leave it out with --style ${kind}`);
  }
  return { kind };
}
