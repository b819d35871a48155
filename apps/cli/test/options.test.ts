import { describe, expect, it } from 'vitest';
import { failureOf } from '../src/failure.ts';
import { parseColour } from '../src/options/fill.ts';
import { parseStyle } from '../src/options/style.ts';
import { clock } from '../src/views/words.ts';

describe('parseColour()', () => {
  it('reads names and both hexadecimal forms', () => {
    expect(parseColour('Magenta')).toEqual({ r: 255, g: 0, b: 255 });
    expect(parseColour('#0af')).toEqual({ r: 0, g: 170, b: 255 });
    expect(parseColour('#102030')).toEqual({ r: 16, g: 32, b: 48 });
  });

  it('says what it understands', () => {
    expect(() => parseColour('#12')).toThrow('#rrggbb');
    expect(() => parseColour('constructor')).toThrow('is no colour');
  });
});

describe('parseStyle()', () => {
  it('is black where nothing is said, and refuses a fill that would not be used', () => {
    expect(parseStyle('solid', undefined)).toEqual({ kind: 'solid', fill: { r: 0, g: 0, b: 0 } });
    expect(() => parseStyle('blur', 'red')).toThrow('--fill belongs to --style solid');
  });
});

describe('failureOf()', () => {
  it('finds the plain words for a system error under a wrapper', () => {
    const cause = Object.assign(new Error('write'), { code: 'ENOSPC', path: '/x/out.mp4' });
    const failure = failureOf(new Error('muxer failed', { cause }));
    expect(failure.reason).toBe('ENOSPC');
    expect(failure.message).toBe('/x/out.mp4: the disk is full: free some space and run it again');
    expect(failure.detail).toContain('muxer failed');
  });

  it('keeps the reason and the message of typed errors', () => {
    const error = Object.assign(new Error('in.mp4: not a video'), { reason: 'not-media' });
    expect(failureOf(error)).toMatchObject({ reason: 'not-media', message: 'in.mp4: not a video' });
    const full = Object.assign(new Error('/x/.out.a.drape-partial-12-1.mp4: the disk is full'), {
      reason: 'disk-full',
    });
    expect(failureOf(full).message).toBe('/x/out.a.mp4: the disk is full');
  });
});

describe('clock()', () => {
  it('gives minutes, and hours where there are any', () => {
    expect([0, 65_000, 3_725_000].map(clock)).toEqual(['0:00', '1:05', '1:02:05']);
  });
});
