import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';

/**
 * Tesseract's networks for Korean and English (tessdata_best, integer; Apache-2.0), from the
 * npm packages `@tesseract.js-data/*` 1.0.0. The hashes are of the unpacked files.
 */
const LANGUAGES = [
  { name: 'eng', sha256: '5dc5d8d640a212c9d6184921ba103b186f50e0fed9ee716c53e6b312b400d747' },
  { name: 'kor', sha256: 'ec1749377d49ac38fb3d3cd05dd5e2a53359d329f359762bc638a81132109992' },
] as const;

const folder = fileURLToPath(new URL('../../../../../.cache/tessdata', import.meta.url));

export class LanguageDataError extends Error {
  override readonly name = 'LanguageDataError';
  /** `missing`: the package is not installed. `corrupt`: it does not hold what it should. */
  readonly reason: 'missing' | 'corrupt';

  constructor(reason: 'missing' | 'corrupt', language: string, cause?: unknown) {
    const remedy = 'run `npm install`, then `npm run setup`';
    super(`Tesseract's language data for ${language} are ${reason}: ${remedy}`, { cause });
    this.reason = reason;
  }
}

/**
 * The folder of unpacked language data, for TESSDATA_PREFIX. Unpacks them on first use: 7 MB, 60 ms.
 * @throws LanguageDataError
 */
export function languageData(): string {
  for (const { name, sha256 } of LANGUAGES) {
    const target = join(folder, `${name}.traineddata`);
    if (existsSync(target) && hashOf(readFileSync(target)) === sha256) continue;
    const data = unpack(name);
    if (hashOf(data) !== sha256) throw new LanguageDataError('corrupt', name);
    mkdirSync(folder, { recursive: true });
    // Several processes may do this at once: each writes its own and renames.
    const partial = `${target}.${process.pid}`;
    writeFileSync(partial, data);
    renameSync(partial, target);
  }
  return folder;
}

function unpack(language: string): Buffer {
  try {
    const require = createRequire(import.meta.url);
    const entry = require.resolve(`@tesseract.js-data/${language}`);
    const packed = join(dirname(entry), '4.0.0_best_int', `${language}.traineddata.gz`);
    return gunzipSync(readFileSync(packed));
  } catch (cause) {
    throw new LanguageDataError('missing', language, cause);
  }
}

function hashOf(data: Buffer): string {
  return createHash('sha256').update(data).digest('hex');
}
