import path from 'node:path';
import { rolldown } from 'rolldown';

export interface Bundle {
  /** File names below the output folder. */
  readonly frames: string;
  readonly detector: string;
}

/**
 * Bundles the browser's workers into `outDir`. They are no part of the web application's own build: a
 * worker must know where its WebAssembly lies, and tests run the very same files.
 */
export async function bundleWorkers(sourceDir: string, outDir: string): Promise<Bundle> {
  const build = await rolldown({
    input: {
      frames: path.join(sourceDir, 'frames', 'worker.ts'),
      detector: path.join(sourceDir, 'detectors', 'worker.ts'),
    },
    platform: 'browser',
    resolve: {
      // ONNX Runtime's script stays a file of its own: its threads load it again by its address.
      conditionNames: ['onnxruntime-web-use-extern-wasm', 'import', 'browser', 'default'],
    },
    logLevel: 'warn',
  });
  try {
    await build.write({
      dir: outDir,
      format: 'esm',
      minify: true,
      entryFileNames: '[name].js',
      chunkFileNames: 'chunks/[name]-[hash].js',
    });
  } finally {
    await build.close();
  }
  return { frames: 'frames.js', detector: 'detector.js' };
}
