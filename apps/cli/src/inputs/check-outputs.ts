import { constants } from 'node:fs';
import { access, lstat, stat } from 'node:fs/promises';
import type { Stats } from 'node:fs';
import path from 'node:path';
import { failureOf, JobError } from '../failure.ts';
import type { Failure } from '../failure.ts';
import type { PlacedFile } from './place-outputs.ts';

export interface CheckedFiles {
  readonly ready: PlacedFile[];
  readonly failed: { readonly path: string; readonly failure: Failure }[];
}

export interface CheckOptions {
  readonly overwrite: boolean;
  readonly report: boolean;
}

/** Files that `--report` writes beside an output. */
export function reportFiles(output: string): string[] {
  return [`${output}.timeline.json`, `${output}.contact.png`];
}

/**
 * Refuses, before anything is written, every file that could harm an input or an existing output.
 * An input is known by device and inode, so a link to it counts as the input itself, and no output
 * may be any of the inputs.
 */
export async function checkOutputs(
  files: readonly PlacedFile[],
  options: CheckOptions,
): Promise<CheckedFiles> {
  const checked: CheckedFiles = { ready: [], failed: [] };
  const inputs = new Map<string, string>();
  for (const file of files) {
    const found = await stat(file.input).catch(() => undefined);
    if (found) inputs.set(identity(found), file.input);
  }
  const taken = new Map<string, string>();
  for (const file of files) {
    try {
      await checkInput(file.input);
      const other = taken.get(path.resolve(file.output));
      if (other !== undefined) {
        throw refuse(
          'output-collision',
          `its output ${file.output} is also that of ${other}: rename one, or give them different -o folders`,
        );
      }
      for (const output of [file.output, ...(options.report ? reportFiles(file.output) : [])]) {
        await checkOutput(output, inputs, options);
      }
      await checkFolder(path.dirname(file.output));
      taken.set(path.resolve(file.output), file.input);
      checked.ready.push(file);
    } catch (error) {
      checked.failed.push({ path: file.input, failure: failureOf(error) });
    }
  }
  return checked;
}

async function checkInput(input: string): Promise<void> {
  const found = await stat(input);
  if (!found.isFile()) throw refuse('not-a-file', 'it is not a regular file');
  await access(input, constants.R_OK);
}

async function checkOutput(
  output: string,
  inputs: ReadonlyMap<string, string>,
  options: CheckOptions,
): Promise<void> {
  const entry = await lstat(output).catch(absent);
  if (!entry) return;
  const target = await stat(output).catch(absent);
  const input = target && inputs.get(identity(target));
  if (input !== undefined) {
    throw refuse(
      'output-is-input',
      `the output ${output} is the input ${input}: drape never writes over a recording, choose another -o`,
    );
  }
  if (target?.isDirectory()) {
    throw refuse(
      'output-is-folder',
      `the output ${output} is a folder: choose another name with -o`,
    );
  }
  if (target && !target.isFile()) {
    // Renaming a complete output over a device would replace the device.
    throw refuse(
      'output-is-no-file',
      `the output ${output} is a device or pipe: name a file with -o`,
    );
  }
  if (!options.overwrite) {
    throw refuse(
      'output-exists',
      `the output ${output} exists already: --overwrite replaces it, -o chooses another`,
    );
  }
}

/** The folder, or the nearest one above it that exists, must be a folder that may be written. */
async function checkFolder(folder: string): Promise<void> {
  const found = await stat(folder).catch(absent);
  if (!found) {
    await checkFolder(path.dirname(path.resolve(folder)));
    return;
  }
  if (!found.isDirectory()) {
    throw refuse(
      'output-unwritable',
      `${folder} is a file, so nothing can be written into it: choose another -o`,
    );
  }
  try {
    await access(folder, constants.W_OK | constants.X_OK);
  } catch (cause) {
    throw refuse(
      'output-unwritable',
      `the folder ${folder} can't be written: choose another -o, or change its permissions`,
      cause,
    );
  }
}

/** Device and inode: the same for every name and link of one file. */
function identity(found: Stats): string {
  return `${found.dev}:${found.ino}`;
}

function refuse(reason: string, message: string, cause?: unknown): JobError {
  return new JobError({ reason, message }, cause);
}

function absent(error: unknown): undefined {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
  throw error;
}
