import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { entries } from '../setup/entries.mjs';
import { loadSteps } from '../setup/load-steps.mjs';

const setup = fileURLToPath(new URL('../setup.mjs', import.meta.url));

test('an unknown entry is refused and the known ones are named', () => {
  const { status, stderr } = spawnSync(process.execPath, [setup, 'stat'], { encoding: 'utf8' });
  expect(status).toBe(2);
  expect(stderr).toContain('Unknown entry "stat". There are: setup, start, test');
});

test('every step belongs to entries that exist, and its name fits its column', async () => {
  const steps = await loadSteps('status');
  expect(steps.map((step) => step.name)).toContain('packages');
  for (const step of steps) {
    expect(Object.keys(entries)).toEqual(expect.arrayContaining(step.entries));
    expect(step.name.length).toBeLessThanOrEqual(16);
  }
});

test('what lints and trains needs no system packages', async () => {
  const names = async (entry: string) => (await loadSteps(entry)).map((step) => step.name);
  expect(await names('lint')).toEqual(['machine', 'packages']);
  expect(await names('test')).toContain('system packages');
});
