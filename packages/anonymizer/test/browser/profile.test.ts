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

  it('looks for turned faces and heads from four cores on: with fewer all else would come too late', () => {
    const ids = (cores: number) => policies('or-camera', cores).map(({ id }) => id);
    const leisure = ['face-turned', 'head-centerface'];
    expect(ids(4)).toEqual(expect.arrayContaining(leisure));
    expect(ids(2)).toEqual(ids(4).filter((id) => !leisure.includes(id)));
  });

  it('looks for heads only where the profile does', () => {
    expect(policies('mixed', 8).map(({ id }) => id)).not.toContain('head-centerface');
  });

  it('refuses a profile that asks for what only the server has', () => {
    expect(() => policies('endoscope-strict', 8)).toThrow(/view-gate, which only the server has/);
    const persons = /person-centernet, which only the server has/;
    expect(() => policies('or-camera-strict', 8)).toThrow(persons);
  });
});
