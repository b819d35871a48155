import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { ProbeAnswer } from './finding.ts';

/** Packages with native code or WASM, which the anonymizer depends on, and what each is for. */
export const PARTS = {
  'node-av': 'decodes and encodes (FFmpeg)',
  'onnxruntime-node': 'runs the models',
  sharp: 'reads and writes pictures',
  'zxing-wasm': 'finds codes',
} as const;

/** Loads one part from where the anonymizer would load it. */
export async function probePart(name: string): Promise<ProbeAnswer> {
  const home = createRequire(fileURLToPath(import.meta.resolve('@drape/anonymizer/node')));
  const file = home.resolve(name === 'node-av' ? 'node-av/lib' : name);
  await import(pathToFileURL(file).href);
  return { state: 'ok', detail: versionOf(file, name) };
}

function versionOf(file: string, name: string): string {
  const folder = join('node_modules', name);
  const root = file.slice(0, file.lastIndexOf(folder) + folder.length);
  const text = readFileSync(join(root, 'package.json'), 'utf8');
  return (JSON.parse(text) as { version: string }).version;
}
