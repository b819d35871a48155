import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalJson } from '../../src/live/index.ts';

describe('canonicalJson()', () => {
  it('says the same value as JSON does', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        // JSON has no -0.
        expect(JSON.parse(canonicalJson(value))).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
  });

  it('does not depend on the order in which members were set', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (value) => {
        const turned = Object.fromEntries(Object.entries(value).reverse());
        expect(canonicalJson(turned)).toBe(canonicalJson(value));
      }),
    );
  });

  it('has one known spelling', () => {
    const value = { b: [1, 'ü"', null, true], a: { z: 1.5, A: -0, é: undefined }, aa: {} };
    expect(canonicalJson(value)).toBe('{"a":{"A":0,"z":1.5},"aa":{},"b":[1,"ü\\"",null,true]}');
  });

  it.each([Number.NaN, Number.POSITIVE_INFINITY, 1n, () => 1, [undefined], undefined])(
    'refuses %s instead of spelling it null',
    (value) => {
      expect(() => canonicalJson(value)).toThrow(TypeError);
    },
  );
});
