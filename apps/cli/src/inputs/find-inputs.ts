import type { Dirent } from 'node:fs';
import { readdir, realpath, stat } from 'node:fs/promises';
import path from 'node:path';
import { failureOf } from '../failure.ts';
import type { Failure } from '../failure.ts';
import { isMediaName } from './media-names.ts';

export interface InputFile {
  /** As the caller would write it; used for opening and in messages. */
  readonly path: string;
  /** Where it lies below the output folder. */
  readonly place: string;
  /** It was found in a folder, not named. */
  readonly isFromFolder: boolean;
}

export interface FoundInputs {
  readonly files: InputFile[];
  readonly skipped: { readonly path: string; readonly why: string }[];
  readonly failed: { readonly path: string; readonly failure: Failure }[];
}

/**
 * Lists the files behind the arguments. A folder gives its media files in name order; hidden
 * files, other types and links that lead out of it are skipped. A folder that can't be read is a
 * failure of its own and stops nothing else.
 *
 * @param exclude folder that is not entered: the output, where it lies inside an input
 */
export async function findInputs(
  args: readonly string[],
  exclude: string | undefined,
): Promise<FoundInputs> {
  const found: FoundInputs = { files: [], skipped: [], failed: [] };
  for (const arg of args) {
    try {
      if ((await stat(arg)).isDirectory()) {
        // One folder gives its own tree; among several inputs each keeps its name.
        const place = args.length === 1 ? '' : path.basename(path.resolve(arg));
        const root = await realpath(arg);
        await walk({ folder: arg, place }, { found, root, exclude: await resolved(exclude) });
      } else {
        found.files.push({ path: arg, place: path.basename(arg), isFromFolder: false });
      }
    } catch (error) {
      found.failed.push({ path: arg, failure: inputFailure(arg, error) });
    }
  }
  return found;
}

interface Walk {
  readonly found: FoundInputs;
  readonly root: string;
  readonly exclude: string | undefined;
}

async function walk(at: { folder: string; place: string }, context: Walk): Promise<void> {
  const entries = await readdir(at.folder, { withFileTypes: true });
  entries.sort((a, b) => (a.name < b.name ? -1 : 1));
  for (const entry of entries) {
    const file = path.join(at.folder, entry.name);
    const place = path.join(at.place, entry.name);
    if (!entry.isDirectory()) {
      const why = await whySkipped(entry, file, context.root);
      if (why === undefined) context.found.files.push({ path: file, place, isFromFolder: true });
      else context.found.skipped.push({ path: file, why });
      continue;
    }
    if (entry.name.startsWith('.') || (await realpath(file)) === context.exclude) continue;
    try {
      await walk({ folder: file, place }, context);
    } catch (error) {
      context.found.failed.push({ path: file, failure: inputFailure(file, error) });
    }
  }
}

async function whySkipped(entry: Dirent, file: string, root: string): Promise<string | undefined> {
  if (entry.name.startsWith('.')) return 'hidden file';
  if (entry.isSymbolicLink()) {
    const target = await realpath(file).catch(() => undefined);
    if (target === undefined) return 'link to nothing';
    if (!target.startsWith(root + path.sep)) return 'link that leads out of the folder';
    if (!(await stat(target)).isFile()) return 'link to a folder';
  } else if (!entry.isFile()) return 'not a file';
  return isMediaName(entry.name) ? undefined : 'not a video or picture, by its name';
}

/** The real path of a folder that may not exist yet. */
async function resolved(folder: string | undefined): Promise<string | undefined> {
  if (folder === undefined) return undefined;
  return realpath(folder).catch(() => path.resolve(folder));
}

function inputFailure(input: string, error: unknown): Failure {
  const failure = failureOf(error);
  if (failure.reason !== 'ENOENT') return failure;
  return { ...failure, reason: 'not-found', message: `${input} does not exist: check the name` };
}
