import { chmodSync, linkSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { checkOutputs } from '../src/inputs/check-outputs.ts';
import { findInputs } from '../src/inputs/find-inputs.ts';
import { outputName } from '../src/inputs/media-names.ts';
import { placeOutputs } from '../src/inputs/place-outputs.ts';
import { temporaryFolder } from './temporary-folder.ts';

function write(folder: string, ...names: string[]): string[] {
  return names.map((name) => {
    const file = path.join(folder, name);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, name);
    return file;
  });
}

const PLAIN = { overwrite: false, report: false };

describe('findInputs()', () => {
  it('takes the media files of a tree in order and says what it skips', async () => {
    const folder = temporaryFolder();
    const elsewhere = temporaryFolder();
    write(elsewhere, 'secret.mp4');
    write(folder, 'b.MP4', 'a.jpg', 'sub/c.webm', 'notes.txt', '.hidden.mp4', '.git/x.mp4');
    symlinkSync(path.join(elsewhere, 'secret.mp4'), path.join(folder, 'outside.mp4'));
    symlinkSync(path.join(folder, 'b.MP4'), path.join(folder, 'inside.mp4'));
    symlinkSync(elsewhere, path.join(folder, 'loop'));
    const found = await findInputs([folder], undefined);
    expect(found.files.map((file) => file.place)).toEqual([
      'a.jpg',
      'b.MP4',
      'inside.mp4',
      'sub/c.webm',
    ]);
    const why = found.skipped.map((skip) => `${path.basename(skip.path)}: ${skip.why}`);
    expect(why.sort()).toEqual([
      '.hidden.mp4: hidden file',
      'loop: link that leads out of the folder',
      'notes.txt: not a video or picture, by its name',
      'outside.mp4: link that leads out of the folder',
    ]);
  });

  it('does not enter the output folder', async () => {
    const folder = temporaryFolder();
    write(folder, 'a.mp4', 'out/a.mp4');
    const found = await findInputs([folder], path.join(folder, 'out'));
    expect(found.files.map((file) => file.place)).toEqual(['a.mp4']);
  });

  it('names what does not exist and goes on', async () => {
    const folder = temporaryFolder();
    const [good] = write(folder, 'a.mp4');
    const found = await findInputs([path.join(folder, 'none.mp4'), good ?? ''], undefined);
    expect(found.files).toHaveLength(1);
    expect(found.failed.map(({ failure }) => failure.reason)).toEqual(['not-found']);
  });

  it('keeps several folders apart', async () => {
    const folder = temporaryFolder();
    write(folder, 'one/a.mp4', 'two/a.mp4');
    const args = [path.join(folder, 'one'), path.join(folder, 'two')];
    const found = await findInputs(args, undefined);
    expect(found.files.map((file) => file.place)).toEqual(['one/a.mp4', 'two/a.mp4']);
  });
});

describe('placeOutputs()', () => {
  it('puts one file where -o says, and beside itself without', async () => {
    const files = [{ path: 'x/in.mts', place: 'in.mts', isFromFolder: false }];
    const at = async (output: string | undefined): Promise<string | undefined> =>
      (await placeOutputs(files, { output, isOneFile: true }))[0]?.output;
    expect(await at('y/out.mkv')).toBe('y/out.mkv');
    expect(await at('y/')).toBe('y/in.mp4');
    expect(await at(undefined)).toBe('x/in.anonymized.mp4');
  });

  it('refuses a folder without -o', async () => {
    const files = [{ path: 'x/in.mp4', place: 'in.mp4', isFromFolder: true }];
    const placing = placeOutputs(files, { output: undefined, isOneFile: false });
    await expect(placing).rejects.toThrow('-o FOLDER');
  });

  it('keeps types that can be written', () => {
    expect(['a.MOV', 'a.webm', 'a.jpeg', 'a.b.mpg', 'a'].map(outputName)).toEqual([
      'a.MOV',
      'a.webm',
      'a.jpeg',
      'a.b.mp4',
      'a',
    ]);
  });
});

describe('checkOutputs()', () => {
  const reasonsOf = async (
    files: { input: string; output: string }[],
    options = PLAIN,
  ): Promise<string[]> =>
    (await checkOutputs(files, options)).failed.map(({ failure }) => failure.reason);

  it('refuses the input as output, by its name and by every link', async () => {
    const folder = temporaryFolder();
    const [input = ''] = write(folder, 'in.mp4');
    const soft = path.join(folder, 'soft.mp4');
    const hard = path.join(folder, 'hard.mp4');
    symlinkSync(input, soft);
    linkSync(input, hard);
    const force = { overwrite: true, report: false };
    for (const output of [input, soft, hard, path.join(folder, '.', 'in.mp4')]) {
      expect(await reasonsOf([{ input, output }], force)).toEqual(['output-is-input']);
    }
  });

  it('refuses an output that is another input of the run', async () => {
    const folder = temporaryFolder();
    const [a = '', b = ''] = write(folder, 'a.mp4', 'b.mp4');
    const files = [
      { input: a, output: b },
      { input: b, output: path.join(folder, 'c.mp4') },
    ];
    expect(await reasonsOf(files, { overwrite: true, report: false })).toEqual(['output-is-input']);
  });

  it('refuses an output that exists, reports included, unless told to overwrite', async () => {
    const folder = temporaryFolder();
    const [input = '', output = ''] = write(folder, 'in.mp4', 'out.mp4', 'new.mp4.contact.png');
    const fresh = path.join(folder, 'new.mp4');
    expect(await reasonsOf([{ input, output }])).toEqual(['output-exists']);
    expect(await reasonsOf([{ input, output }], { overwrite: true, report: false })).toEqual([]);
    expect(await reasonsOf([{ input, output: fresh }])).toEqual([]);
    expect(await reasonsOf([{ input, output: fresh }], { overwrite: false, report: true })).toEqual(
      ['output-exists'],
    );
  });

  it('refuses two inputs with one output, a folder as output, and a file as folder', async () => {
    const folder = temporaryFolder();
    const [a = '', b = ''] = write(folder, 'a.mp4', 'b.mp4', 'sub/x');
    const output = path.join(folder, 'o.mp4');
    const both = [
      { input: a, output },
      { input: b, output },
    ];
    expect(await reasonsOf(both)).toEqual(['output-collision']);
    expect(await reasonsOf([{ input: a, output: path.join(folder, 'sub') }])).toEqual([
      'output-is-folder',
    ]);
    expect(await reasonsOf([{ input: a, output: path.join(b, 'deep', 'o.mp4') }])).toEqual([
      'output-unwritable',
    ]);
  });

  it.skipIf(process.getuid?.() === 0)('refuses a folder without write permission', async () => {
    const folder = temporaryFolder();
    const [input = ''] = write(folder, 'a.mp4', 'shut/x');
    chmodSync(path.join(folder, 'shut'), 0o500);
    const output = path.join(folder, 'shut', 'o.mp4');
    expect(await reasonsOf([{ input, output }])).toEqual(['output-unwritable']);
  });
});
