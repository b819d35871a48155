import { access, constants } from 'node:fs/promises';
import { delimiter, join } from 'node:path';

/** The first `ffmpeg` on PATH, as Debian's package puts it there; undefined where there is none. */
export async function findFfmpeg(): Promise<string | undefined> {
  const folders = (process.env['PATH'] ?? '').split(delimiter).filter((folder) => folder !== '');
  for (const folder of folders) {
    const path = join(folder, process.platform === 'win32' ? 'ffmpeg.exe' : 'ffmpeg');
    const found = await access(path, constants.X_OK).then(
      () => true,
      () => false,
    );
    if (found) return path;
  }
  return undefined;
}
