import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { readCalibration } from '../src/calibration-file.ts';
import { findModel, loadManifest, MANIFEST_FILE, parseManifest, stepsOf } from '../src/manifest.ts';

const text = readFileSync(MANIFEST_FILE, 'utf8');
const bent = (bend: (models: Record<string, unknown>[]) => void): string => {
  const raw = JSON.parse(text) as { models: Record<string, unknown>[] };
  bend(raw.models);
  return JSON.stringify(raw);
};

describe('the manifest', () => {
  it('has a card for every model', () => {
    for (const { card } of loadManifest().models) {
      expect(existsSync(path.join(path.dirname(MANIFEST_FILE), card)), card).toBe(true);
    }
  });

  it('gives a derived variant the steps of the one it comes from, first', () => {
    const face = findModel(loadManifest(), 'face-centerface');
    const [fp32, int8] = face.outputs;
    if (!fp32 || !int8) throw new Error('expected two variants');
    expect(stepsOf(face, int8).map((s) => s.step)).toEqual([
      ...fp32.steps.map((s) => s.step),
      'quantize',
    ]);
  });

  it('was calibrated on the fp32 model that it pins', () => {
    for (const model of loadManifest().models) {
      for (const { from, steps } of model.outputs) {
        const step = steps.find((candidate) => candidate.step === 'quantize');
        if (!step) continue;
        const base = model.outputs.find((output) => output.variant === from);
        expect(readCalibration(step.ranges).sha256).toBe(base?.sha256);
      }
    }
  });

  it.each([
    ['a hash that is none', (m: Record<string, unknown>) => (m['source'] = {}), 'source'],
    ['a default that does not exist', (m) => (m['defaultVariant'] = 'int4'), 'defaultVariant'],
    ['a misspelt key', (m) => (m['thresold'] = 1), 'thresold'],
    ['two models of one name', (m) => (m['id'] = 'text-det'), 'unique'],
  ] as [string, (m: Record<string, unknown>) => void, string][])('refuses %s', (_, bend, named) => {
    const wrong = bent(([first]) => {
      if (first) bend(first);
    });
    expect(() => parseManifest(wrong)).toThrow(
      expect.objectContaining({
        reason: 'unknown',
        message: expect.stringContaining(named) as string,
      }),
    );
  });

  it('refuses a path out of its folder', () => {
    const wrong = bent(([first]) => {
      Object.assign(first?.['source'] as object, { file: '../../etc/passwd' });
    });
    expect(() => parseManifest(wrong)).toThrow('models/manifest.json is invalid');
  });

  it('refuses what is no JSON', () => {
    expect(() => parseManifest('{')).toThrow(expect.objectContaining({ reason: 'unknown' }));
  });
});
