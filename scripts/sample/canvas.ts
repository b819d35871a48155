import sharp from 'sharp';

interface Picture {
  /** 8 bits a channel, rows without padding. */
  pixels: Buffer;
  widthPx: number;
  heightPx: number;
}

/** A drawn picture with transparency: RGBA. */
export interface Sprite extends Picture {
  channels: 4;
}

/** An opaque picture: RGB. */
export interface Canvas extends Picture {
  channels: 3;
}

/** Renders SVG text at its own size. */
export async function draw(svg: string): Promise<Sprite> {
  const { data, info } = await sharp(Buffer.from(svg))
    .ensureAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true });
  return { pixels: data, widthPx: info.width, heightPx: info.height, channels: 4 };
}

/** The part of `from` at `x`, `y` (its transparency is dropped) as a canvas of its own. */
export function cut(
  from: Sprite,
  { x, y, widthPx, heightPx }: { x: number; y: number; widthPx: number; heightPx: number },
): Canvas {
  const pixels = Buffer.allocUnsafe(widthPx * heightPx * 3);
  let to = 0;
  for (let row = 0; row < heightPx; row += 1) {
    let at = ((y + row) * from.widthPx + x) * 4;
    for (let column = 0; column < widthPx; column += 1, at += 4, to += 3) {
      pixels[to] = from.pixels[at] ?? 0;
      pixels[to + 1] = from.pixels[at + 1] ?? 0;
      pixels[to + 2] = from.pixels[at + 2] ?? 0;
    }
  }
  return { pixels, widthPx, heightPx, channels: 3 };
}

/** Lays `sprite` over `canvas` with its top left corner at `x`, `y` (not negative); what sticks out is left out. */
export function lay(canvas: Canvas, sprite: Sprite, { x, y }: { x: number; y: number }): void {
  const columns = Math.min(sprite.widthPx, canvas.widthPx - x);
  const rows = Math.min(sprite.heightPx, canvas.heightPx - y);
  const under = canvas.pixels;
  const over = sprite.pixels;
  for (let row = 0; row < rows; row += 1) {
    let at = row * sprite.widthPx * 4;
    let to = ((y + row) * canvas.widthPx + x) * 3;
    for (let column = 0; column < columns; column += 1, at += 4, to += 3) {
      const alpha = over[at + 3] ?? 0;
      if (alpha === 0) continue;
      for (let channel = 0; channel < 3; channel += 1) {
        const below = under[to + channel] ?? 0;
        const above = over[at + channel] ?? 0;
        under[to + channel] = below + Math.round(((above - below) * alpha) / 255);
      }
    }
  }
}
