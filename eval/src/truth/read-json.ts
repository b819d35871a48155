import { readFile } from 'node:fs/promises';
import type { ZodType } from 'zod';
import { z } from 'zod';
import { EvalError } from '../errors.ts';

/** `[x, y, w, h]` in pixels of the stored file. */
export const boxSchema = z
  .tuple([z.number(), z.number(), z.number().positive(), z.number().positive()])
  .transform(([x, y, w, h]) => ({ x, y, w, h }));

/** Reads and parses one ground truth file; throws EvalError 'data-missing' or 'truth-invalid'. */
export async function readTruth<T>(path: string, schema: ZodType<T>): Promise<T> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (cause) {
    throw new EvalError('data-missing', `${path} can't be read: the test data is incomplete.`, {
      cause,
    });
  }
  const parsed = schema.safeParse(JSON.parse(text));
  if (!parsed.success) {
    throw new EvalError('truth-invalid', `${path}: ${z.prettifyError(parsed.error)}`);
  }
  return parsed.data;
}
