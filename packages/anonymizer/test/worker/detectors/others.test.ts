import { afterEach, describe, expect, it } from 'vitest';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { prepareZXingModule, writeBarcode } from 'zxing-wasm/writer';
import sharp from 'sharp';
import { DetectorError, type Detector } from '@drape/anonymizer/core';
import {
  openAnyDetectors,
  openPythonDetectors,
  pythonDetectorsAvailable,
  pythonWorker,
} from '@drape/anonymizer/node';
import { blankPlanes, drawBox, drawFrame, drawNoise } from '@drape/anonymizer/testing';
import { failureOf, isAlive, openPool, until, withoutPython } from '../fixtures.ts';
import { coverage } from './pictures.ts';

const open: Detector[] = [];

afterEach(async () => {
  await Promise.all(open.splice(0).map((detector) => detector.close()));
});

async function openOne(id: string, onLog?: (event: unknown) => void): Promise<Detector> {
  const options = { timeoutMs: 10_000, ...(onLog ? { onLog } : {}) };
  const [detector] = await openPythonDetectors([id], options);
  if (!detector) throw new Error('no detector');
  open.push(detector);
  return detector;
}

describe.skipIf(withoutPython)('code-zxing-python', () => {
  it.each([
    ['QRCode', 180, 180],
    ['Code128', 300, 90],
    ['DataMatrix', 140, 140],
  ] as const)('finds all of a %s', async (format, w, h) => {
    const wasm = readFileSync(new URL(import.meta.resolve('zxing-wasm/writer/zxing_writer.wasm')));
    prepareZXingModule({ overrides: { wasmBinary: new Uint8Array(wasm).buffer } });
    const { image } = await writeBarcode('DRAPE-20240315', { format, scale: 4 });
    if (!image) throw new Error('no picture of the code');
    const code = await sharp(Buffer.from(await image.arrayBuffer()))
      .flatten({ background: '#fff' })
      .greyscale()
      .resize(w, h, { fit: 'fill', kernel: 'nearest' })
      .raw()
      .toBuffer();
    const planes = blankPlanes({ widthPx: 640, heightPx: 360 });
    const box = { x: 200, y: 120, w, h };
    drawBox(planes, { x: 180, y: 100, w: w + 40, h: h + 40 }, [235, 128, 128]);
    for (let y = 0; y < h; y++) {
      planes.y.set(code.subarray(y * w, (y + 1) * w), (box.y + y) * planes.strideY + box.x);
    }
    const detector = await openOne('code-zxing-python');
    const look = await detector.look(drawFrame(planes));
    // The writer leaves a quiet zone: what is inside it must be covered.
    const inner = { x: box.x + w * 0.14, y: box.y + h * 0.14, w: w * 0.72, h: h * 0.72 };
    expect(coverage(look, inner, detector.info.steps.high)).toBeGreaterThanOrEqual(0.95);
    expect(JSON.stringify(look)).not.toContain('DRAPE');
  });
});

describe.skipIf(withoutPython)('person-opencv', () => {
  function room(personX: number | undefined) {
    const planes = blankPlanes({ widthPx: 640, heightPx: 360 });
    drawNoise(planes, 7);
    planes.y.forEach((value, at) => (planes.y[at] = 100 + (value & 31)));
    if (personX !== undefined)
      drawBox(planes, { x: personX, y: 90, w: 70, h: 220 }, [210, 128, 128]);
    return planes;
  }

  it('finds what moves like a person, in its own stream only', async () => {
    const detector = await openOne('person-opencv');
    for (let index = 0; index < 6; index++) await detector.look(drawFrame(room(undefined)));
    for (let index = 0; index < 4; index++) {
      const x = 100 + index * 60;
      const look = await detector.look(drawFrame(room(x)));
      const share = coverage(look, { x, y: 90, w: 70, h: 220 }, detector.info.steps.high);
      expect(share).toBeGreaterThanOrEqual(0.9);
    }
    const other = await openOne('person-opencv');
    const first = await other.look(drawFrame(room(300)));
    expect(first.detections.filter(({ score }) => score === 0.4)).toEqual([]);
  });

  it('covers the whole picture where all of it moves', async () => {
    const detector = await openOne('person-opencv');
    for (let index = 0; index < 4; index++) await detector.look(drawFrame(room(undefined)));
    const other = blankPlanes({ widthPx: 640, heightPx: 360 }, { colour: [220, 128, 128] });
    const look = await detector.look(drawFrame(other));
    expect(look.saturated).toEqual([{ x: 0, y: 0, w: 640, h: 360 }]);
  });
});

describe.skipIf(withoutPython)('a Python detector', () => {
  it('whose process dies rejects, and looks again in a new one', async () => {
    const pids: number[] = [];
    const detector = await openOne('code-zxing-python', (event) => {
      const { message, fields } = event as { message: string; fields: { pid: number } };
      if (message === 'worker ready') pids.push(fields.pid);
    });
    const frame = drawFrame(blankPlanes({ widthPx: 2000, heightPx: 2000 }));
    const [pid = 0] = pids;
    process.kill(pid, 'SIGSTOP');
    const look = detector.look(frame);
    process.kill(pid, 'SIGKILL');
    const error = await look.then(
      () => undefined,
      (cause: unknown) => cause,
    );
    expect(error).toBeInstanceOf(DetectorError);
    expect((error as DetectorError).reason).toBe('process-died');
    await until('it is gone', () => !isAlive(pid));
    expect(await detector.look(frame)).toEqual({ detections: [], saturated: [] });
    expect(pids).toHaveLength(2);
  });

  it('shares its process with others of its kind', async () => {
    const ready: unknown[] = [];
    const note = (event: unknown) => ready.push(event);
    await openOne('person-opencv', note);
    await openOne('person-opencv', note);
    expect(ready.filter((event) => JSON.stringify(event).includes('worker ready'))).toHaveLength(1);
  });
});

describe.skipIf(withoutPython)('weights', () => {
  it.each([
    ['that are missing', 'model-missing', []],
    ['that are corrupt', 'model-corrupt', ['kor', 'eng']],
  ] as const)('%s are named, with what brings them', async (_, reason, present) => {
    const folder = mkdtempSync(join(tmpdir(), 'drape-tessdata-'));
    for (const name of present) writeFileSync(join(folder, `${name}.traineddata`), 'not a network');
    const spec = pythonWorker({
      name: 'text-tesseract',
      modules: ['drape_worker.detectors.text'],
      env: { TESSDATA_PREFIX: folder },
    });
    const { pool } = openPool(spec);
    const error = await failureOf(pool.ready());
    expect(error.reason).toBe(reason);
    expect(error.message).toMatch(/kor.*npm run setup/);
    rmSync(folder, { recursive: true });
  });
});

describe('which Python detectors there are', () => {
  it('is said, with what brings the others', async () => {
    const { available, missing } = await pythonDetectorsAvailable();
    const ids = ['text-tesseract', 'code-zxing-python', 'person-opencv'];
    expect([...available, ...missing.map(({ id }) => id)].sort()).toEqual([...ids].sort());
    for (const { why, remedy } of missing) expect(`${why} ${remedy}`).toContain('npm run setup');
    if (withoutPython === false) expect(available).toEqual(ids);
  });

  it('is not guessed: an unknown one is refused', async () => {
    await expect(openPythonDetectors(['text-magic'])).rejects.toThrow(DetectorError);
    await expect(openAnyDetectors(['text-magic'], { threads: 1 })).rejects.toThrow(DetectorError);
  });
});
