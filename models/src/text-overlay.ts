/** As recorders burn it in. Nobody's data. */
const LINES = [
  'NAME: KIM MINSU',
  '2024-05-12 14:33:07',
  'ID 00482913',
  'F 67Y',
  'Dr. Hong',
  'CV-190 EXERA',
  '00:12:44',
  'Op. Theatre 3',
];
const COLOURS = ['white', 'yellow', 'black', 'lime', 'cyan', 'silver'];
const FONTS = ['sans-serif', 'monospace', 'serif'];
const SIZES_PX = [10, 12, 14, 18, 24, 36, 60];

/** @throws Error where this machine draws no letters: ranges measured without would cut text off */
export async function expectFonts(): Promise<void> {
  const { default: sharp } = await import('sharp');
  const overlay = Buffer.from(textOverlay({ widthPx: 640, heightPx: 480 }, 0));
  const { channels } = await sharp(overlay).stats();
  if ((channels[3]?.max ?? 0) > 0) return;
  throw new Error('no letter could be drawn: install a font (Debian: fonts-dejavu-core)');
}

/** An SVG with some lines of burned-in text, the same for the same number, in the machine's own fonts. */
export function textOverlay(
  { widthPx, heightPx }: { readonly widthPx: number; readonly heightPx: number },
  seed: number,
): string {
  let state = seed + 1;
  // Lehmer's generator (Park and Miller, 1988): enough to scatter some lines.
  const below = (limit: number): number => {
    state = (state * 48271) % 2147483647;
    return Math.floor((state / 2147483647) * limit);
  };
  const pick = <T>(list: readonly T[]): T => list[below(list.length)] as T;
  // The generator's first numbers are as small as its seed.
  for (let warm = 0; warm < 4; warm++) below(2);
  const lines = Array.from({ length: 2 + below(8) }, () => {
    const place = `x="${below(widthPx * 0.8)}" y="${20 + below(heightPx - 20)}"`;
    const look = `font-family="${pick(FONTS)}" font-size="${pick(SIZES_PX)}" fill="${pick(COLOURS)}"`;
    return `<text ${place} ${look}>${pick(LINES)}</text>`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${widthPx}" height="${heightPx}">${lines.join('')}</svg>`;
}
