import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { EvalError } from './errors.ts';

/** The project's root. */
export const PROJECT_ROOT = join(import.meta.dirname, '..', '..');

/** Where the test data lies; throws EvalError 'data-missing' where it does not. */
export function dataRoot(): string {
  const root = join(PROJECT_ROOT, '..', 'shared', 'data');
  if (!existsSync(join(root, 'README.md'))) {
    throw new EvalError(
      'data-missing',
      `${root} is not there. The evaluation needs the shared test data, which the project does ` +
        'not ship for its licences: put it beside the project as ../shared/data.',
    );
  }
  return root;
}
