import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { mediasoupVersion, mediaWorkerFile } from '../../apps/sfu/worker/location.mjs';
import { needsLive } from '../setup/live.mjs';
import { admitMediaWorker, hasMediaWorker } from '../setup/media-worker.mjs';
import { loadSteps } from '../setup/load-steps.mjs';
import { temporaryRoot, workplace } from './support/workplace.ts';

const never = new AbortController().signal;

function project(): string {
  const root = temporaryRoot();
  const packages = { 'node_modules/mediasoup': { version: '3.27.1' } };
  writeFileSync(join(root, 'package-lock.json'), JSON.stringify({ packages }));
  return root;
}

/** A program that ends with `code`. */
function program(root: string, code: number): string {
  const file = join(root, `ends-with-${code}`);
  writeFileSync(file, `#!/bin/sh\nexit ${code}\n`, { mode: 0o755 });
  return file;
}

function withEnvironment(value: string): void {
  const before = process.env['MEDIASOUP_WORKER_BIN'];
  process.env['MEDIASOUP_WORKER_BIN'] = value;
  onTestFinished(() => {
    if (before === undefined) delete process.env['MEDIASOUP_WORKER_BIN'];
    else process.env['MEDIASOUP_WORKER_BIN'] = before;
  });
}

test.each([
  ['start', [], true],
  ['start', ['--sample'], false],
  ['test', [], true],
  ['probe', ['clip.mp4'], true],
  ['eval', ['--only', 'x'], false],
  ['eval', ['--live'], true],
  ['bench', [], false],
  ['bench', ['live'], true],
])('whether "%s" with %j needs the live parts: %s', (entry, args, expected) => {
  expect(needsLive({ entry, args })).toBe(expected);
});

test('the worker is kept outside node_modules, by version, processor and distribution', () => {
  withEnvironment('skip');
  const root = project();
  expect(mediasoupVersion(root)).toBe('3.27.1');
  const folder = dirname(mediaWorkerFile(root));
  expect(folder.startsWith(join(root, '.cache', 'mediasoup-worker'))).toBe(true);
  expect(folder).toContain(`3.27.1-${process.arch}-`);
});

test('a worker of the user is taken as it is, if it is there', () => {
  const root = project();
  withEnvironment(program(root, 41));
  expect(mediaWorkerFile(root)).toBe(join(root, 'ends-with-41'));
  expect(hasMediaWorker(root)).toBe(true);
});

test('a worker is taken into its place only when it runs here', async () => {
  withEnvironment('skip');
  const root = project();
  const broken = program(root, 127);
  await expect(admitMediaWorker(root, broken, never)).rejects.toThrow(/does not run.*127/);
  expect(existsSync(broken)).toBe(false);
  expect(hasMediaWorker(root)).toBe(false);
  await admitMediaWorker(root, program(root, 41), never);
  expect(hasMediaWorker(root)).toBe(true);
});

test('no compiler and no download is asked for once a worker is there', async () => {
  withEnvironment('skip');
  const root = project();
  mkdirSync(dirname(mediaWorkerFile(root)), { recursive: true });
  writeFileSync(mediaWorkerFile(root), '');
  const steps = await loadSteps('start');
  const { context } = workplace(root);
  const official = steps.find(({ name }) => name === 'official worker');
  const built = steps.find(({ name }) => name === 'media worker');
  expect(official?.key(context)).toBeUndefined();
  expect(built?.present(context)).toBe(true);
});
