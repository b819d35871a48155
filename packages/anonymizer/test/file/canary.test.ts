import { readFile, readdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Detection, Detector, FrameInfo } from '@drape/anonymizer/core';
import { FileAnonymizer, type FileResult } from '@drape/anonymizer/node';
import { fakeDetector, type FakeScript } from '@drape/anonymizer/testing';
import { beforeAll, describe, expect, it } from 'vitest';
import { temporaryFolder } from '../media/temporary.ts';
import { makeCanaryClip, TOKEN, tokensOf, type Place } from './canary.ts';

const FRAMES = 130;
/** It drifts, so that what is covered must follow it. */
const placeOf = (index: number): Place => ({ x: 16 + 2 * Math.floor(index / 4), y: 100 });

const seenAt = ({ index }: FrameInfo, score: number): Detection => {
  const { x, y } = placeOf(index);
  return { cls: 'face', box: { x, y, ...TOKEN }, score };
};

const inFolder = temporaryFolder();
const clip = (): string => inFolder('canary.mp4');

beforeAll(async () => {
  await makeCanaryClip(clip(), { frames: FRAMES, placeOf });
});

interface Run {
  readonly tokens: (number | undefined)[];
  readonly result: FileResult;
}

async function anonymized(
  name: string,
  face: FakeScript,
  options: { readonly input?: string; readonly lookDeadlineMs?: number } = {},
): Promise<Run> {
  const output = inFolder(`${name}.mp4`);
  const openDetectors = (ids: readonly string[]): Promise<Detector[]> =>
    Promise.resolve(
      ids.map((id) => fakeDetector(id === 'face-centerface' ? { ...face, id } : { id })),
    );
  const { lookDeadlineMs = 30_000 } = options;
  await using anonymizer = new FileAnonymizer({ threads: 1, openDetectors, lookDeadlineMs });
  const result = await anonymizer.run({
    input: options.input ?? clip(),
    output,
    profile: 'mixed',
    style: { kind: 'pixelate' },
    audio: 'drop',
    preset: 'ultrafast',
    dryRun: false,
    report: false,
    threads: 1,
  });
  return { result, tokens: await tokensOf(output, placeOf) };
}

const none = Array<undefined>(FRAMES).fill(undefined);

describe('no canary leaves', () => {
  it('is readable on every frame where nothing covers it, so that this test can fail', async () => {
    const { tokens } = await anonymized('plain', { see: () => [] });
    expect(tokens).toEqual(Array.from({ length: FRAMES }, (_, index) => index + 1));
  });

  it('when the detector sees it on every look', async () => {
    const { tokens, result } = await anonymized('seen', { see: (info) => [seenAt(info, 0.9)] });
    expect(tokens).toEqual(none);
    expect(result.timeline.policy.passes).toBe(1);
  });

  it('when every second look misses it', async () => {
    let look = 0;
    const see = (info: FrameInfo): Detection[] => (look++ % 2 === 0 ? [seenAt(info, 0.9)] : []);
    expect((await anonymized('missed', { see })).tokens).toEqual(none);
  });

  it('when it is seen weakly for seconds before it is seen surely', async () => {
    const see = (info: FrameInfo): Detection[] => [seenAt(info, info.ptsUs < 4.6e6 ? 0.3 : 0.9)];
    const { tokens, result } = await anonymized('late', { see });
    expect(tokens).toEqual(none);
    expect(result.timeline.policy.passes).toBe(2);
  });

  it('when looks fail: what they should have decided is covered whole', async () => {
    const see: FakeScript['see'] = () => 'inference-failed';
    const { tokens, result } = await anonymized('failing', { see });
    expect(tokens).toEqual(none);
    expect(result.coveredWholeFrames).toBe(FRAMES);
    expect(result.timeline.whole[0]?.cause).toBe('detector-failed');
  });

  it('when the detector dies in the middle', async () => {
    const see: FakeScript['see'] = (info) =>
      info.ptsUs > 2e6 ? 'process-died' : [seenAt(info, 0.9)];
    const { tokens, result } = await anonymized('dying', { see });
    expect(tokens).toEqual(none);
    expect(result.coveredWholeFrames).toBeGreaterThan(0);
    expect(result.coveredWholeFrames).toBeLessThan(FRAMES);
  });

  it('when the detector dies once: it is opened again, and only what it left open is covered', async () => {
    let deaths = 0;
    const see: FakeScript['see'] = (info) =>
      info.ptsUs > 2e6 && deaths++ === 0 ? 'process-died' : [seenAt(info, 0.9)];
    const { tokens, result } = await anonymized('dying-once', { see });
    expect(tokens).toEqual(none);
    expect(result.coveredWholeFrames).toBeLessThan(10);
    expect(result.timeline.events.map((event) => event.detail)).toContain(
      'face-centerface: process-died',
    );
  });

  it('when the detector hangs', async () => {
    const { tokens, result } = await anonymized(
      'hanging',
      { answers: 'by-hand' },
      { lookDeadlineMs: 50 },
    );
    expect(tokens).toEqual(none);
    expect(result.coveredWholeFrames).toBe(FRAMES);
  });

  it('when the file is damaged: damaged frames are covered whole', async () => {
    const input = inFolder('damaged.mp4');
    const bytes = await readFile(clip());
    // Into the compressed pictures, well behind the header.
    for (let at = Math.floor(bytes.length * 0.5); at < bytes.length * 0.55; at += 7) bytes[at] = 0;
    await writeFile(input, bytes);
    const { tokens, result } = await anonymized(
      'damaged-out',
      { see: (info) => (info.intact ? [seenAt(info, 0.9)] : []) },
      { input },
    );
    expect(tokens.filter((token) => token !== undefined)).toEqual([]);
    expect(result.damagedFrames).toBeGreaterThan(0);
  });

  it('and no partial file stays behind', async () => {
    const folder = path.dirname(clip());
    const left = (await readdir(folder)).filter((name) => name.includes('partial'));
    expect(left).toEqual([]);
  });
});
