import { existsSync } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { BenchError } from '../errors.ts';
import type { BenchContext } from '../bench.ts';
import { measure } from './measure.ts';

/**
 * deface, and onnx with onnxruntime, which it prefers to OpenCV where they are installed. Exact
 * versions: a peer that changes under the bench is no yardstick.
 */
const PACKAGES = [
  'deface==1.5.0',
  'imageio-ffmpeg==0.8.1',
  'numpy==2.4.6',
  'onnx==1.23.2',
  'onnxruntime==1.31.1',
  'opencv-python==5.0.0.93',
  'scikit-image==0.26.0',
] as const;

/** Puts deface into a virtual environment of the bench's own and returns its Python. */
export async function installDeface(context: BenchContext): Promise<string> {
  const venv = join(context.cacheFolder, '..', 'bench-venv');
  const python = join(venv, process.platform === 'win32' ? 'Scripts/python.exe' : 'bin/python');
  const ready = async (): Promise<boolean> =>
    existsSync(python) &&
    (await measure({
      command: python,
      args: ['-c', 'import deface, cv2, onnx, onnxruntime'],
      signal: context.signal,
    }).then(
      () => true,
      () => false,
    ));
  if (await ready()) return python;
  context.say('installing deface 1.5.0 into .cache/bench-venv');
  await rm(venv, { recursive: true, force: true });
  await mkdir(join(venv, '..'), { recursive: true });
  const steps: readonly (readonly [string, ...string[]])[] = [
    ['python3', '-m', 'venv', venv],
    [python, '-m', 'pip', 'install', '--quiet', ...PACKAGES],
  ];
  for (const [command, ...args] of steps) {
    await measure({ command, args, signal: context.signal }).catch((cause: unknown) => {
      const why = cause instanceof Error ? cause.message.slice(-800) : String(cause);
      throw new BenchError('peer-missing', `deface could not be installed: ${why}`, { cause });
    });
  }
  if (await ready()) return python;
  throw new BenchError('peer-missing', `deface does not start from ${venv}: remove it and retry.`);
}
