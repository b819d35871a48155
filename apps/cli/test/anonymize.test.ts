import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { timelineSchema } from '@drape/contract';
import { modelsState } from '@drape/models';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { writeClip, writePicture } from './media.ts';
import { drape, startDrape } from './run-drape.ts';
import { filesIn, temporaryFolder } from './temporary-folder.ts';

const isReady = modelsState().every((model) => !model.isDefault || model.state === 'present');

/** Lines of a --json run. */
function linesOf(stdout: string): { type: string; [key: string]: unknown }[] {
  return stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as { type: string });
}

// Real models and codecs; they are installed by `npm run setup`.
describe.skipIf(!isReady)('drape anonymize', () => {
  it('gives the tree of a folder, names what failed, and goes on', async () => {
    const folder = temporaryFolder();
    const input = path.join(folder, 'in');
    mkdirSync(path.join(input, 'sub', 'deep'), { recursive: true });
    await writePicture(path.join(input, 'one.png'));
    await writePicture(path.join(input, 'sub', 'two.jpg'));
    await writeClip(path.join(input, 'sub', 'deep', 'three.mjpeg'), 12);
    writeFileSync(path.join(input, 'broken.mp4'), 'this is no video');
    writeFileSync(path.join(input, 'notes.txt'), 'notes');
    const before = contentsOf(input);
    const run = await drape('anonymize', input, '-o', path.join(folder, 'out'), '--report');
    expect(run.code).toBe(1);
    expect(filesIn(path.join(folder, 'out'))).toEqual([
      'one.png',
      'one.png.contact.png',
      'one.png.timeline.json',
      'sub/deep/three.mp4',
      'sub/deep/three.mp4.contact.png',
      'sub/deep/three.mp4.timeline.json',
      'sub/two.jpg',
      'sub/two.jpg.contact.png',
      'sub/two.jpg.timeline.json',
    ]);
    expect(run.stderr).toContain('notes.txt: not a video or picture');
    expect(run.stderr.trim().split('\n').at(-1)).toContain('broken.mp4');
    expect(run.stderr).not.toContain('    at ');
    expect(contentsOf(input)).toEqual(before);
    const timeline = path.join(folder, 'out', 'sub', 'deep', 'three.mp4.timeline.json');
    const parsed = timelineSchema.parse(JSON.parse(readFileSync(timeline, 'utf8')));
    expect(parsed.media.frames).toBe(12);
    const sheet = await sharp(path.join(folder, 'out', 'one.png.contact.png')).metadata();
    expect(sheet.width).toBeGreaterThan(600);
  });

  it('writes NDJSON that ends with a summary, and nothing else on stdout', async () => {
    const folder = temporaryFolder();
    const input = path.join(folder, 'in.png');
    const output = path.join(folder, 'out.png');
    await writePicture(input);
    const run = await drape('anonymize', input, '-o', output, '--json');
    expect(run.code).toBe(0);
    const lines = linesOf(run.stdout);
    expect(lines[0]).toEqual({ type: 'plan', files: 1, concurrency: 1 });
    expect(lines).toContainEqual({ type: 'started', input, output });
    expect(lines.find((line) => line.type === 'done')).toMatchObject({
      input,
      output,
      kind: 'still',
      frames: 1,
      dryRun: false,
      written: [output],
    });
    expect(lines.at(-1)).toMatchObject({ type: 'summary', done: 1, failed: 0, exitCode: 0 });
  });

  it('writes nothing under --dry-run', async () => {
    const folder = temporaryFolder();
    await writeClip(path.join(folder, 'in.mjpeg'), 5);
    const output = path.join(folder, 'new', 'out.mp4');
    const run = await drape(
      'anonymize',
      path.join(folder, 'in.mjpeg'),
      '-o',
      output,
      '--dry-run',
      '--report',
    );
    expect(run.code).toBe(0);
    expect(run.stdout).toContain('would be');
    expect(readdirSync(folder)).toEqual(['in.mjpeg']);
  });

  it.each(['SIGINT', 'SIGTERM'] as const)('leaves nothing behind after %s', async (signal) => {
    const folder = temporaryFolder();
    const input = path.join(folder, 'in.mjpeg');
    await writeClip(input, 4_000);
    const output = path.join(folder, 'new', 'out.mp4');
    const run = startDrape(['anonymize', input, '-o', output, '--json']);
    // Frames are being written: the partial output is there.
    run.child.stdout?.on('data', (text: Buffer) => {
      if (text.toString().includes('"progress"')) run.child.kill(signal);
    });
    const { code, stdout } = await run.ended;
    expect(code).toBe({ SIGINT: 130, SIGTERM: 143 }[signal]);
    expect(linesOf(stdout).at(-1)).toMatchObject({ type: 'summary', done: 0, unfinished: 1 });
    expect(readdirSync(folder)).toEqual(['in.mjpeg']);
  });

  it('replaces an output only when told to', async () => {
    const folder = temporaryFolder();
    const input = path.join(folder, 'in.png');
    const output = path.join(folder, 'out.png');
    await writePicture(input);
    writeFileSync(output, 'old');
    const refused = await drape('anonymize', input, '-o', output);
    expect(refused.code).toBe(1);
    expect(refused.stderr).toContain('--overwrite');
    expect(readFileSync(output, 'utf8')).toBe('old');
    expect((await drape('anonymize', input, '-o', output, '--overwrite')).code).toBe(0);
    expect((await sharp(output).metadata()).width).toBe(160);
  });
});

describe('drape anonymize, refusing', () => {
  it('never takes an input as output', async () => {
    const folder = temporaryFolder();
    const input = path.join(folder, 'in.png');
    await writePicture(input);
    const before = contentsOf(folder);
    const run = await drape('anonymize', input, '-o', input, '--overwrite');
    expect(run.code).toBe(1);
    expect(run.stderr).toContain('never writes over a recording');
    expect(contentsOf(folder)).toEqual(before);
  });

  it('says that a part of the output path is a file', async () => {
    const folder = temporaryFolder();
    await writePicture(path.join(folder, 'in.png'));
    const output = path.join(folder, 'in.png', 'out.png');
    const run = await drape('anonymize', path.join(folder, 'in.png'), '-o', output);
    expect(run.code).toBe(1);
    expect(run.stderr).toContain('is a file');
  });

  it.each([
    [['anonymize'], 2, "missing required argument 'files or folders'"],
    [['anonymize', 'a.mp4', '--style', 'blur', '--fill', 'red'], 2, '--fill belongs to'],
    [['anonymize', 'a.mp4', '--profile', 'none'], 2, 'there are: mixed'],
    [['anonymize', 'a.mp4', '--detectors', 'none'], 2, 'there are: face-centerface'],
    [['anonymize', 'a.mp4', '--fill', 'mauve'], 2, 'is no colour'],
    [['anonymize', 'a.mp4', '--jobs', '0'], 2, 'whole number from 1 to 64'],
    [['anonymize', 'nowhere.mp4'], 1, 'nowhere.mp4 does not exist'],
    [['anonymise'], 2, 'unknown command'],
  ])('%j ends with %i', async (args, code, words) => {
    const run = await drape(...args);
    expect(run.stderr).toContain(words);
    expect(run.stderr).not.toContain('    at ');
    expect(run.code).toBe(code);
  });

  it('ends with 4 where a folder holds nothing to anonymize', async () => {
    const folder = temporaryFolder();
    mkdirSync(path.join(folder, 'in'));
    const run = await drape('anonymize', path.join(folder, 'in'), '-o', path.join(folder, 'out'));
    expect(run.code).toBe(4);
  });
});

describe('drape --help', () => {
  it('teaches with examples and documents every exit code', async () => {
    const [general, anonymize] = await Promise.all([drape('--help'), drape('anonymize', '--help')]);
    expect(general.code).toBe(0);
    for (const words of ['drape anonymize operation.mp4', 'doctor', 'models', 'profiles']) {
      expect(general.stdout).toContain(words);
    }
    for (const code of [0, 1, 2, 3, 4, 70, 130, 143]) {
      expect(anonymize.stdout).toMatch(new RegExp(`^ +(\\d+, )*${code}\\b`, 'm'));
    }
  });
});

describe('drape models, drape profiles', () => {
  it('tell programs what there is', async () => {
    const [models, profiles] = await Promise.all([
      drape('models', '--json'),
      drape('profiles', '--json'),
    ]);
    expect(JSON.parse(models.stdout)).toContainEqual(
      expect.objectContaining({ id: 'face-centerface', licence: 'MIT' }),
    );
    expect(JSON.parse(profiles.stdout)).toContainEqual(expect.objectContaining({ name: 'mixed' }));
  });
});

/** Hash and modification time of every file: what an input must keep. */
function contentsOf(folder: string): string[] {
  return filesIn(folder).map((name) => {
    const file = path.join(folder, name);
    const hash = createHash('sha256').update(readFileSync(file)).digest('hex');
    return `${name} ${hash} ${statSync(file).mtimeMs}`;
  });
}
