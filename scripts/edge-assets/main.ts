import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { assetIndexSchema } from '@drape/anonymizer/edge-assets';
import { bundleWorkers } from './bundle.ts';
import { AssetFolder } from './copy.ts';
import { indexOf } from './index-of.ts';

// node scripts/edge-assets/main.ts <out>: puts everything that the browser's anonymizer loads into
// one folder: workers, runtimes, models, and index.json with the bytes that each must have.

const root = fileURLToPath(new URL('../..', import.meta.url));

async function main(out: string): Promise<void> {
  // Made beside and moved: whoever serves the folder sees the old one or the whole new one.
  const partial = path.join(root, '.cache', 'edge-assets', String(process.pid));
  await rm(partial, { recursive: true, force: true });
  await mkdir(partial, { recursive: true });
  try {
    const source = path.join(root, 'packages', 'anonymizer', 'src', 'browser');
    const workers = await bundleWorkers(source, partial);
    const index = assetIndexSchema.parse(await indexOf(new AssetFolder(partial), workers));
    await writeFile(path.join(partial, 'index.json'), `${JSON.stringify(index, null, 1)}\n`);
    await rm(out, { recursive: true, force: true });
    await mkdir(path.dirname(out), { recursive: true });
    await rename(partial, out);
  } finally {
    await rm(partial, { recursive: true, force: true });
  }
}

const [, , out] = process.argv;
if (out === undefined) throw new Error('usage: node scripts/edge-assets/main.ts <out folder>');
await main(path.resolve(out));
