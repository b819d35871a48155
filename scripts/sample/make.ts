import { mkdir, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { encodeClip } from './encode.ts';
import { drawFrames, framesPerSecond } from './frames.ts';
import { patient } from './overlay.ts';
import { heightPx, widthPx } from './scenes.ts';

/**
 * Draws the project's sample clip: 6 s of 1280 × 720 with a made-up patient's data burned in and
 * in its tags, and a drawn face. Nothing in it is anybody's.
 * @param path of an MP4 file; it appears when it is complete
 */
export async function makeSample(path: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const draft = `${path}.${process.pid}.part`;
  try {
    await encodeClip(draft, {
      widthPx,
      heightPx,
      framesPerSecond,
      tags: { title: `${patient.name} ${patient.dateOfBirth}`, comment: `MRN ${patient.id}` },
      frames: drawFrames(),
    });
    await rename(draft, path);
  } finally {
    await rm(draft, { force: true });
  }
}
