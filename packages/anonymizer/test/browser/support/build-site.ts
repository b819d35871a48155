import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { copyFile, mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { rolldown } from 'rolldown';

const root = fileURLToPath(new URL('../../../../..', import.meta.url));
const HTML =
  '<!doctype html><meta charset="utf-8"><title>edge</title><script type="module" src="/page.js"></script>';

/** A page that has openEdge() and the tests' own tools on `window.edge`, with the edge's assets. */
export async function buildSite(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  const build = await rolldown({
    input: { page: fileURLToPath(new URL('./page.ts', import.meta.url)) },
    platform: 'browser',
  });
  await build.write({ dir: folder, format: 'esm', entryFileNames: '[name].js' });
  await build.close();
  await writeFile(path.join(folder, 'index.html'), HTML);
  const assets = path.join(folder, 'edge');
  const run = promisify(execFile);
  await run(process.execPath, [path.join(root, 'scripts', 'edge-assets', 'main.ts'), assets]);
  if (!existsSync(path.join(assets, 'index.json'))) throw new Error('the assets were not built');
  // Under another name as well, so that a test can put a fault around it.
  await copyFile(path.join(assets, 'detector.js'), path.join(assets, 'detector-worker.js'));
}
