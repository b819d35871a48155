import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { PROJECT_ROOT, dataRoot } from '../src/data-root.ts';
import { parseOptions } from '../src/options.ts';
import { SETS } from '../src/sets.ts';
import { readDemo, readFaceClip } from '../src/truth/clips.ts';
import { readWider } from '../src/truth/stills.ts';
import { readInstances } from '../src/truth/texts.ts';
import { turnBox } from '../src/truth/turn.ts';
import type { TurnDeg } from '../src/truth/truth.ts';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'drape-truth-'));
});
afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

async function truth(name: string, content: unknown): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, JSON.stringify(content));
  return path;
}

describe('readers', () => {
  it('lets every 10th frame stand for ten, the last one up to the end', async () => {
    const face = { box: [1, 2, 3, 4], vis: 'clear' };
    const frames = { 0: [face], 10: [face], 20: [] };
    const path = await truth('a.gt.json', { video: 'a.mp4', frames: 25, frames_gt: frames });
    const clip = await readFaceClip(path);
    expect(clip.path).toBe(join(folder, 'a.mp4'));
    expect([...clip.frames].map(([number, frame]) => [number, frame.weight])).toEqual([
      [0, 10],
      [10, 10],
      [20, 5],
    ]);
  });

  it('scores text of the demo only where it has ground truth', async () => {
    const text = [{ box: [1, 2, 3, 4], text: 'x' }];
    const path = await truth('d.gt.json', {
      video: 'd.mp4',
      frames_gt: [
        { state: 'in_body', faces: [], text, text_gt: true },
        { state: 'in_body', faces: [], text: [], text_gt: true },
        { state: 'out_of_body', faces: [], text, text_gt: false },
      ],
    });
    const { frames } = await readDemo(path);
    expect([...frames.values()].map((one) => [one.boxes.length, one.pureEndoscopy])).toEqual([
      [1, false],
      [0, true],
      [0, false],
    ]);
  });

  it('ignores WIDER faces outside the hard set and keeps the asked-for tag', async () => {
    const face = (hard: boolean) => ({ box: [1, 2, 3, 4], easy: false, medium: hard, hard });
    await truth('gt.json', {
      'a.jpg': { tag: 'operating-room', faces: [face(true), face(false)] },
      'b.jpg': { tag: 'other', faces: [] },
    });
    const units = await readWider(folder, (tag) => tag === 'operating-room');
    expect(units.map((unit) => unit.name)).toEqual(['a.jpg']);
    expect(units[0]?.boxes.map((one) => [one.visibility, one.easyOrMedium])).toEqual([
      ['clear', true],
      ['ignore', false],
    ]);
  });

  it('turns corners into a box and leaves out pictures that are not there', async () => {
    await writeFile(join(folder, 'here.jpg'), '');
    const instances = [{ box_xyxy: [10, 20, 30, 50], ignore: true }];
    await truth('gt.json', { 'here.jpg': { instances }, 'sealed.jpg': { instances } });
    const units = await readInstances(folder);
    expect(units.map((unit) => unit.name)).toEqual(['here.jpg']);
    expect(units[0]?.boxes).toEqual([
      { kind: 'text', visibility: 'ignore', box: { x: 10, y: 20, w: 20, h: 30 } },
    ]);
  });

  it('names the file and the field of a broken ground truth', async () => {
    await truth('gt.json', {
      'a.jpg': { tag: 'x', faces: [{ box: [1, 2, 0, 4], medium: true, hard: true }] },
    });
    await expect(readWider(folder)).rejects.toMatchObject({
      reason: 'truth-invalid',
      message: expect.stringContaining('gt.json') as string,
    });
  });
});

describe('turned pictures', () => {
  const turns: TurnDeg[] = [0, 90, 180, 270];

  it('turns a box with its picture, and four quarter turns bring it back', () => {
    fc.assert(
      fc.property(fc.nat(50), fc.nat(50), fc.nat(20), fc.nat(20), (x, y, w, h) => {
        const size = { widthPx: 100, heightPx: 80 };
        const side = { widthPx: 80, heightPx: 100 };
        const box = { x, y, w: w + 1, h: h + 1 };
        let turned = box;
        for (const before of [size, side, size, side]) turned = turnBox(turned, before, 90);
        expect(turned).toEqual(box);
        expect(turnBox(turnBox(box, size, 90), side, 90)).toEqual(turnBox(box, size, 180));
        expect(turnBox(turnBox(box, size, 180), size, 90)).toEqual(turnBox(box, size, 270));
      }),
    );
    expect(
      turns.map((turn) => turnBox({ x: 0, y: 0, w: 2, h: 1 }, { widthPx: 10, heightPx: 5 }, turn)),
    ).toEqual([
      { x: 0, y: 0, w: 2, h: 1 },
      { x: 4, y: 0, w: 1, h: 2 },
      { x: 8, y: 4, w: 2, h: 1 },
      { x: 0, y: 8, w: 1, h: 2 },
    ]);
  });
});

describe('options', () => {
  it('leaves optional sets out unless they are asked for', () => {
    const names = (args: string[]) => parseOptions(args)?.sets.map((set) => set.name) ?? [];
    expect(names([])).not.toContain('or_stills_90');
    expect(names(['--turned'])).toContain('or_stills_270');
    expect(names(['--only', 'or_stills'])).toEqual(['or_stills']);
    expect(names(['--only', 'or_stills_'])).toHaveLength(4);
  });

  it.each([['--only', 'nothing'], ['--hold', 'soon'], ['--hold', ''], ['--threads', '0'], ['--x']])(
    'refuses %s %s',
    (...args) => {
      expect(() => parseOptions(args)).toThrow(
        expect.objectContaining({ reason: 'bad-arguments' }),
      );
    },
  );
});

const hasData = existsSync(join(PROJECT_ROOT, '..', 'shared', 'data', 'README.md'));

describe.skipIf(!hasData)('test data (skipped where ../shared/data is absent)', () => {
  it('has the units that its README promises', async () => {
    const counts = new Map<string, number[]>();
    for (const set of SETS.filter((one) => one.name !== 'view_in_body')) {
      const units = await set.load(dataRoot());
      const boxes = units.flatMap((unit) =>
        unit.kind === 'still'
          ? unit.boxes.filter((one) => one.visibility !== 'ignore')
          : [...unit.frames.values()].flatMap((frame) => frame.boxes),
      );
      counts.set(set.name, [units.length, boxes.length]);
    }
    expect(Object.fromEntries(counts)).toMatchObject({
      or_stills: [9, 31],
      surgeons_elsewhere: [12, 31],
      masked_kaggle: [24, 36],
      wider_mix: [60, 350],
      dlib_faces: [9, 43],
      lx_endoscopy_overlay: [2, 8],
      kvasir_text: [12, 73],
      ultrasound: [2, 30],
      presidio_xray: [1, 5],
      icdar2015_sample: [5, 13],
      demo: [1, 2684],
      asl: [9, 585],
    });
  });
});
