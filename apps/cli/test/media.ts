import { writeFileSync } from 'node:fs';
import sharp, { type Sharp } from 'sharp';

/** A drawn picture, 160×120: a gradient with a bar at `at` (0..1). Nothing to cover in it. */
export async function writePicture(file: string, at = 0.5): Promise<void> {
  await picture(at).toFile(file);
}

/** A clip of drawn pictures: JPEGs one after the other are a Motion JPEG stream of 25 a second. */
export async function writeClip(file: string, frames: number): Promise<void> {
  const distinct = await Promise.all(
    Array.from({ length: Math.min(frames, 25) }, (_, index) =>
      picture(index / 25)
        .jpeg({ quality: 90 })
        .toBuffer(),
    ),
  );
  const stream = Array.from({ length: frames }, (_, index) => distinct[index % distinct.length]);
  writeFileSync(file, Buffer.concat(stream.filter((jpeg) => jpeg !== undefined)));
}

function picture(at: number): Sharp {
  const x = Math.round(at * 120);
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="160" height="120">
    <defs><linearGradient id="g"><stop stop-color="#733"/><stop offset="1" stop-color="#b75"/></linearGradient></defs>
    <rect width="160" height="120" fill="url(#g)"/><rect x="${x}" y="20" width="24" height="80" fill="#844"/></svg>`;
  return sharp(Buffer.from(svg)).removeAlpha();
}
