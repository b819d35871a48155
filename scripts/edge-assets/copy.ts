import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { copyFile, mkdir, readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { findModel, findOutput, loadManifest, modelFile } from '@drape/models';

/** A file of weights or of a runtime, as the index names it. */
export interface Pinned {
  readonly id: string;
  readonly file: string;
  readonly sha256: string;
}

const require = createRequire(
  fileURLToPath(new URL('../../packages/anonymizer/package.json', import.meta.url)),
);

/** Copies files into one folder and says what their bytes are. */
export class AssetFolder {
  readonly #dir: string;

  constructor(dir: string) {
    this.#dir = dir;
  }

  /** A model of the manifest. @throws ModelError where it is not installed */
  async model(id: string, variant?: string): Promise<Pinned> {
    const output = findOutput(findModel(loadManifest(), id), variant);
    const file = `models/${output.file}`;
    const sha256 = await this.#copy(modelFile(id, { variant: output.variant }), file);
    if (sha256 !== output.sha256) throw new Error(`${id}: the installed file was changed`);
    return { id: `${id} ${output.variant}`, file, sha256 };
  }

  /** A file of an npm package. `id`: what attestations call it. */
  async packaged(id: string, from: string, file: string): Promise<Pinned> {
    return { id, file, sha256: await this.#copy(packageFile(from), file) };
  }

  async #copy(from: string, file: string): Promise<string> {
    const to = path.join(this.#dir, file);
    await mkdir(path.dirname(to), { recursive: true });
    await copyFile(from, to);
    return createHash('sha256')
      .update(await readFile(to))
      .digest('hex');
  }
}

/** A file by `package/path`, though the package's exports may not name it. */
function packageFile(name: string): string {
  const packageName = name
    .split('/')
    .slice(0, name.startsWith('@') ? 2 : 1)
    .join('/');
  const folders = require.resolve.paths(packageName) ?? [];
  const found = folders.map((folder) => path.join(folder, name)).find((file) => existsSync(file));
  if (found !== undefined) return found;
  throw new Error(`${name} is not installed; run "npm run setup"`);
}
