import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { PYTHON_FOLDER, pythonPath } from '../../src/node/worker/python.ts';
import { withoutPython } from './fixtures.ts';

it.skipIf(withoutPython)('the tests of the Python side pass', async () => {
  const args = ['-m', 'unittest', 'discover', '-s', 'tests', '-t', '.'];
  const env = { ...process.env, PYTHONDONTWRITEBYTECODE: '1' };
  const { stderr } = await promisify(execFile)(pythonPath(), args, { cwd: PYTHON_FOLDER, env });
  expect(stderr).toMatch(/Ran [1-9]\d* tests[^]*OK/);
});
