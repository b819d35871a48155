import { stat } from 'node:fs/promises';
import path from 'node:path';
import { UserError } from '../user-error.ts';
import type { InputFile } from './find-inputs.ts';
import { outputName } from './media-names.ts';

export interface PlacedFile {
  readonly input: string;
  readonly output: string;
}

/**
 * Gives every input its output.
 *
 * - one named file and `-o FILE`: that file, exactly as named;
 * - `-o FOLDER` (it exists, ends with a slash, or several inputs are given): the same tree in it;
 * - no `-o`: `NAME.anonymized.EXT` beside each named file. A folder needs `-o`: a tree of copies
 *   among the originals is what gets a wrong file sent.
 *
 * @throws UserError where a folder has no `-o`
 */
export async function placeOutputs(
  files: readonly InputFile[],
  options: { readonly output: string | undefined; readonly isOneFile: boolean },
): Promise<PlacedFile[]> {
  const { output, isOneFile } = options;
  if (output === undefined) {
    if (files.some((file) => file.isFromFolder)) {
      throw new UserError('a folder needs -o FOLDER: where should the anonymized tree go?');
    }
    return files.map((file) => ({ input: file.path, output: besideName(file.path) }));
  }
  if (isOneFile && !(await isFolder(output))) {
    return files.map((file) => ({ input: file.path, output }));
  }
  return files.map((file) => ({
    input: file.path,
    output: path.join(output, path.dirname(file.place), outputName(path.basename(file.place))),
  }));
}

async function isFolder(output: string): Promise<boolean> {
  if (/[/\\]$/.test(output)) return true;
  const known = await stat(output).catch(() => undefined);
  return known?.isDirectory() === true;
}

function besideName(input: string): string {
  const name = outputName(path.basename(input));
  const extension = path.extname(name);
  const stem = name.slice(0, name.length - extension.length);
  return path.join(path.dirname(input), `${stem}.anonymized${extension}`);
}
