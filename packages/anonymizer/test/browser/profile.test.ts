import { describe, expect, it } from 'vitest';
import { edgeProfile } from '../../src/browser/profile.ts';

const policies = (name: string, cores: number) =>
  edgeProfile(name, { always: [], cores }).detectors;

describe('edgeProfile()', () => {
  it('waits for every detector that it opens', () => {
    for (const cores of [2, 8]) {
      expect(policies('mixed', cores).every(({ required }) => required)).toBe(true);
    }
  });

  it('looks for turned faces from four cores on: with fewer all else would come too late', () => {
    const ids = (cores: number) => policies('or-camera', cores).map(({ id }) => id);
    expect(ids(4)).toContain('face-turned');
    expect(ids(2)).toEqual(ids(4).filter((id) => id !== 'face-turned'));
  });

  it('refuses a profile that asks for what only the server has', () => {
    expect(() => policies('endoscope-strict', 8)).toThrow(/view-gate, which only the server has/);
  });
});
