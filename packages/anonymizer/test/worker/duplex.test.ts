import { execFile, spawn } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { Readable, Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, describe, expect, it } from 'vitest';
import { openVideoSource } from '@drape/anonymizer/node';
import { childDuplex } from '../../src/node/worker/child-duplex.ts';
import { WorkerError } from '../../src/node/worker/errors.ts';
import { workerDuplex } from '../../src/node/worker/worker-duplex.ts';
import { jpegClip } from './detectors/jpeg-avi.ts';
import { failureOf, goodPool, until, withoutPython } from './fixtures.ts';

const folder = mkdtempSync(join(tmpdir(), 'drape-duplex-'));

afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

function node(script: string) {
  return childDuplex(spawn(process.execPath, ['-e', script]), { name: 'child' });
}

async function collect(into: Buffer[], slowMs = 0): Promise<Writable> {
  return Promise.resolve(
    new Writable({
      write(chunk: Buffer, _encoding, done) {
        into.push(chunk);
        setTimeout(done, slowMs);
      },
    }),
  );
}

describe('childDuplex()', () => {
  it('passes all bytes through, end included', async () => {
    const sent = Array.from({ length: 40 }, (_, index) => Buffer.alloc(100_000, index));
    const got: Buffer[] = [];
    const cat = node('process.stdin.pipe(process.stdout)');
    await pipeline(Readable.from(sent), cat, await collect(got));
    expect(Buffer.concat(got).equals(Buffer.concat(sent))).toBe(true);
  });

  it('holds a fast source back for a slow sink', async () => {
    let made = 0;
    let taken = 0;
    let farthest = 0;
    const source = Readable.from(
      (function* () {
        while (made < 400) {
          made += 1;
          farthest = Math.max(farthest, made - taken);
          yield Buffer.alloc(64 * 1024);
        }
      })(),
      { objectMode: false },
    );
    const sink = new Writable({
      write(chunk: Buffer, _encoding, done) {
        taken += chunk.length / (64 * 1024);
        setTimeout(done, 1);
      },
    });
    await pipeline(source, node('process.stdin.pipe(process.stdout)'), sink);
    expect(Math.round(taken)).toBe(400);
    // Buffers of three streams, a socket and a child: far less than the 400 that were made.
    expect(farthest).toBeLessThan(100);
  });

  it('fails with the exit code and the last lines of stderr', async () => {
    const bad = node('console.error("no such codec"); process.exitCode = 3');
    const error = await failureOf(pipeline(Readable.from(['x']), bad, await collect([])));
    expect([error.reason, error.message]).toEqual([
      'exited',
      expect.stringMatching(/worker child: .*exit code 3/),
    ]);
    expect(error.message).toContain('no such codec');
  });

  it('says when the program is not there', async () => {
    const child = spawn('/no/such/ffmpeg', [], { stdio: 'pipe' });
    const missing = childDuplex(child, { name: 'ffmpeg' });
    const error = await failureOf(pipeline(Readable.from(['x']), missing, await collect([])));
    expect(error.message).toContain('is it installed?');
  });

  it('ends the child when another part fails', async () => {
    const child = spawn(process.execPath, ['-e', 'process.stdin.pipe(process.stdout)']);
    const sink = new Writable({
      write(_chunk, _encoding, done) {
        done(new Error('disk full'));
      },
    });
    const through = childDuplex(child, { name: 'child' });
    await expect(pipeline(Readable.from([Buffer.alloc(10)]), through, sink)).rejects.toThrow(
      'disk full',
    );
    await until('the child is gone', () => child.exitCode !== null || child.signalCode !== null);
  });

  it('takes a child that reads only the beginning', async () => {
    const got: Buffer[] = [];
    const first = node(
      'process.stdin.once("data", () => { console.log("enough"); process.exit() })',
    );
    const sent = Array.from({ length: 100 }, () => Buffer.alloc(64 * 1024));
    await pipeline(Readable.from(sent), first, await collect(got));
    expect(Buffer.concat(got).toString()).toBe('enough\n');
  });
});

describe.skipIf(withoutPython)('workerDuplex()', () => {
  it('answers frames in order, however they were cut', async () => {
    const { pool } = goodPool({ size: 2 });
    const frameBytes = 50_000;
    const sent = Buffer.concat(Array.from({ length: 30 }, (_, i) => Buffer.alloc(frameBytes, i)));
    const pieces = Array.from({ length: Math.ceil(sent.length / 7777) }, (_, i) =>
      sent.subarray(i * 7777, (i + 1) * 7777),
    );
    const got: Buffer[] = [];
    const worker = workerDuplex(pool, { method: 'echo', frameBytes });
    await pipeline(Readable.from(pieces), worker, await collect(got, 1));
    expect(Buffer.concat(got).equals(sent)).toBe(true);
  });

  it('lets nothing out that failed', async () => {
    const { pool } = goodPool();
    const worker = workerDuplex(pool, { method: 'raise', frameBytes: 10, args: 'x' });
    const got: Buffer[] = [];
    const run = pipeline(Readable.from([Buffer.alloc(30)]), worker, await collect(got));
    expect((await failureOf(run)).reason).toBe('method-failed');
    expect(got).toEqual([]);
  });

  it('refuses a stream that ends inside a frame', async () => {
    const { pool } = goodPool();
    const worker = workerDuplex(pool, { method: 'echo', frameBytes: 10 });
    const run = pipeline(Readable.from([Buffer.alloc(15)]), worker, await collect([]));
    await expect(run).rejects.toThrow('5 bytes are left');
  });
});

const examples = fileURLToPath(new URL('../../../../docs/examples/', import.meta.url));

describe.skipIf(withoutPython)('the example in docs/examples', () => {
  const script = join(examples, 'anonymize-with-your-model.mjs');

  it('has under 40 lines', () => {
    expect(readFileSync(script, 'utf8').split('\n').length).toBeLessThan(40);
  });

  it('anonymizes src.mp4 to dest.mp4', async () => {
    // An ffmpeg that does just what the example asks for: the real one may not be installed.
    const standIn = fileURLToPath(new URL('ffmpeg-stand-in.ts', import.meta.url));
    const bin = join(folder, 'ffmpeg');
    writeFileSync(bin, `#!/bin/sh\nexec "${process.execPath}" "${standIn}" "$@"\n`);
    chmodSync(bin, 0o755);
    const size = { widthPx: 320, heightPx: 180 };
    const luma = new Uint8Array(320 * 180).fill(90);
    for (let row = 60; row < 100; row++) luma.fill(250, row * 320 + 100, row * 320 + 200);
    const [src, dest] = [join(folder, 'src.mp4'), join(folder, 'dest.mp4')];
    writeFileSync(src, await jpegClip([luma, luma, luma, luma, luma], size));
    const env = { ...process.env, PATH: `${folder}${delimiter}${process.env['PATH'] ?? ''}` };
    const run = promisify(execFile)(process.execPath, [script, src, dest, '320x180'], { env });
    expect((await run).stderr).toContain(`wrote ${dest}`);
    await using source = await openVideoSource(dest);
    let frames = 0;
    for await (const frame of source.frames()) {
      const { y, strideY } = frame.read();
      expect(y[80 * strideY + 150]).toBeLessThan(60);
      expect(y[20 * strideY + 20]).toBeGreaterThan(70);
      frame.close();
      frames += 1;
    }
    expect(frames).toBe(5);
  });

  it('fails aloud where there is no ffmpeg', async () => {
    const env = { ...process.env, PATH: folder + '/none' };
    const run = promisify(execFile)(process.execPath, [script, 'a', 'b', '320x180'], { env });
    await expect(run).rejects.toThrow(/ffmpeg decode: start-failed.*is it installed/);
  });
});

it('WorkerError is what failures are', () => {
  expect(new WorkerError('exited', { worker: 'x' }).message).toMatch(/^worker x: exited; /);
});
