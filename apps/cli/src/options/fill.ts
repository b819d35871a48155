import type { Rgb } from '@drape/anonymizer/core';
import { UserError } from '../user-error.ts';

/** CSS names that are worth remembering (CSS Color 4, section 6.1). */
const NAMED: Readonly<Record<string, number>> = {
  black: 0x000000,
  white: 0xffffff,
  gray: 0x808080,
  grey: 0x808080,
  silver: 0xc0c0c0,
  red: 0xff0000,
  maroon: 0x800000,
  orange: 0xffa500,
  yellow: 0xffff00,
  olive: 0x808000,
  lime: 0x00ff00,
  green: 0x008000,
  cyan: 0x00ffff,
  aqua: 0x00ffff,
  teal: 0x008080,
  blue: 0x0000ff,
  navy: 0x000080,
  magenta: 0xff00ff,
  fuchsia: 0xff00ff,
  purple: 0x800080,
};

/** Reads a colour: a name, `#rgb` or `#rrggbb`. @throws UserError that lists what is understood */
export function parseColour(text: string): Rgb {
  const colour = text.trim().toLowerCase();
  const named = Object.hasOwn(NAMED, colour) ? NAMED[colour] : undefined;
  if (named !== undefined) return rgbOf(named);
  const short = /^#?([0-9a-f])([0-9a-f])([0-9a-f])$/.exec(colour);
  if (short)
    return rgbOf(
      Number.parseInt(
        short
          .slice(1)
          .map((digit) => digit + digit)
          .join(''),
        16,
      ),
    );
  const long = /^#?([0-9a-f]{6})$/.exec(colour)?.[1];
  if (long !== undefined) return rgbOf(Number.parseInt(long, 16));
  const names = Object.keys(NAMED).join(', ');
  throw new UserError(`--fill ${text} is no colour: use #rrggbb or one of ${names}`);
}

function rgbOf(value: number): Rgb {
  return { r: value >> 16, g: (value >> 8) & 255, b: value & 255 };
}
