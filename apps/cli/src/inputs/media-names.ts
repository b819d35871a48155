import path from 'node:path';

const VIDEO = new Set(
  '.mp4 .m4v .mov .mkv .webm .avi .ts .mts .m2ts .mpg .mpeg .vob .mjpeg .mjpg .3gp .wmv .flv'.split(
    ' ',
  ),
);
const STILL = new Set(['.jpg', '.jpeg', '.png', '.webp']);

/** Types that can be written; the others become .mp4. */
const KEPT = new Set(['.mp4', '.m4v', '.mov', '.mkv', '.webm', '.avi', '.ts', ...STILL]);

/** Whether a file in a folder is taken, by its name. Files named on the command line always are. */
export function isMediaName(name: string): boolean {
  const extension = path.extname(name).toLowerCase();
  return VIDEO.has(extension) || STILL.has(extension);
}

/** The name of the output for an input of this name: the same, or .mp4 where it can't stay. */
export function outputName(name: string): string {
  const extension = path.extname(name);
  if (!VIDEO.has(extension.toLowerCase()) || KEPT.has(extension.toLowerCase())) return name;
  return `${name.slice(0, -extension.length)}.mp4`;
}
