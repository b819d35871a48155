import { execFile } from 'node:child_process';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { MANIFEST_FILE, parseManifest } from '../src/manifest.ts';

const run = promisify(execFile);
const models = path.dirname(MANIFEST_FILE);
const root = path.dirname(models);
const python = path.join(root, '.cache', 'train-venv', 'bin', 'python');
const repaired = path.join(root, '.cache', 'train', 'centerface-repaired.onnx');
const chain = path.join(models, 'train', 'run.mjs');

describe('the training chain', () => {
  it('names the steps that its page names, in their order', async () => {
    const { stdout } = await run(process.execPath, [chain, '--list']);
    const listed = stdout
      .trim()
      .split('\n')
      .map((line) => line.split(' ')[0]);
    const page = readFileSync(path.join(models, 'train', 'README.md'), 'utf8');
    const rows = page.split('\n').flatMap((line) => /^\| ([a-z-]+) +\| `/.exec(line)?.[1] ?? []);
    expect(listed).toEqual(['venv', ...rows]);
  });

  // Needs what `npm run train` installs: a venv with PyTorch, and CenterFace.
  it.skipIf(!existsSync(python) || !existsSync(repaired))(
    'makes weights, fusions and a manifest that can be read, from drawn pictures and two steps',
    async () => {
      const folder = mkdtempSync(path.join(tmpdir(), 'drape-train-'));
      try {
        const at = (...names: string[]) => path.join(folder, ...names);
        for (const name of ['cache/stamps', 'out/weights'])
          mkdirSync(at(name), { recursive: true });
        for (const done of ['venv', 'centerface']) writeFileSync(at('cache/stamps', done), '');
        copyFileSync(repaired, at('cache', path.basename(repaired)));
        copyFileSync(MANIFEST_FILE, at('out', 'manifest.json'));
        await run(python, [path.join(models, 'train', 'tests', 'draw_data.py'), at('data')]);
        const env = {
          ...process.env,
          DRAPE_DATA: at('data'),
          DRAPE_TRAIN_CACHE: at('cache'),
          DRAPE_TRAIN_OUT: at('out'),
        };
        await run(process.execPath, [chain, '--steps', '2', '--until', 'fuse'], { env });
        const { models: made } = parseManifest(readFileSync(at('out', 'manifest.json'), 'utf8'));
        const judge = made.find((model) => model.id === 'face-judge');
        expect(judge?.source.sha256).toMatch(/^[0-9a-f]{64}$/);
        expect(judge?.postprocess).toMatchObject({
          fusions: [{ effort: 'usual' }, { effort: 'thorough' }, { effort: 'turned' }],
        });
        for (const file of [
          'face-judge.onnx',
          'face-judge-int8.onnx',
          'head-centerface.onnx',
          'view-gate.onnx',
        ]) {
          expect(existsSync(at('out/weights', file)), file).toBe(true);
        }
      } finally {
        rmSync(folder, { recursive: true, force: true });
      }
    },
    600_000,
  );
});
