import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import type { InferenceSession } from 'onnxruntime-node';
import { letterbox, pickImages, type PlanarImage, scaleOf } from '../images.ts';
import { findModel, loadManifest } from '../manifest.ts';
import { modelFile } from '../state.ts';
import { readTextTruth, type TextBox } from './text-truth.ts';

/** Below this share of a line's width the line does not count as found. */
const FOUND_WIDTH = 0.8;

/**
 * Print, for each input size of the text detector: share of text boxes found (the probability map is above the bitmap
 * threshold over 80 % of the box's width), pixels above it in pictures without text, and processor time on one thread.
 * Boxes are judged on the bare map, before any growing.
 *
 * @param data folder with `text/<set>/gt.json` and `surgical/` pictures
 */
export async function measureText(data: string, log: (line: string) => void): Promise<void> {
  const { InferenceSession } = await import('onnxruntime-node');
  const model = findModel(loadManifest(), 'text-det');
  if (model.postprocess.kind !== 'db-text') throw new Error('text-det is no text detector');
  const { bitmapThreshold } = model.postprocess;
  const session = await InferenceSession.create(modelFile(model.id), {
    intraOpNumThreads: 1,
    interOpNumThreads: 1,
  });
  for (const size of model.preprocess.sizes) {
    const name = `text-det\t${size.heightPx}x${size.widthPx}`;
    const times: number[] = [];
    const look = async (file: string) => {
      const { map, cpuMs } = await probability(session, await letterbox(file, size));
      times.push(cpuMs);
      return map.map((value) => (value >= bitmapThreshold ? 1 : 0));
    };
    for (const set of readdirSync(path.join(data, 'text'))) {
      const truth = readTextTruth(path.join(data, 'text', set, 'gt.json'));
      let [found, all] = [0, 0];
      for (const [picture, boxes] of truth) {
        const file = path.join(data, 'text', set, picture);
        // One set lists a picture that is not in it.
        if (!existsSync(file)) continue;
        const scale = await scaleOf(file, size);
        const map = await look(file);
        const scaled = boxes.map((box) => box.map((side) => side * scale) as TextBox);
        found += scaled.filter((box) => isFound(map, size.widthPx, box)).length;
        all += boxes.length;
      }
      log(`${name}\t${set}\t${found} of ${all} boxes found`);
    }
    let [hits, pixels] = [0, 0];
    const files = await pickImages(path.join(data, 'surgical'), Infinity);
    for (const file of files) {
      const above = (await look(file)).reduce((sum, on) => sum + on, 0);
      pixels += above / (size.widthPx * size.heightPx);
      if (above > 0) hits++;
    }
    const share = ((100 * pixels) / files.length).toFixed(3);
    log(`${name}\tno text\t${hits} of ${files.length} pictures with a hit, ${share} % of pixels`);
    times.sort((a, b) => a - b);
    const middle = times[Math.floor(times.length / 2)] ?? NaN;
    log(`${name}\t${middle.toFixed(1)} ms of CPU a picture (median), one thread`);
  }
  await session.release();
}

async function probability(session: InferenceSession, image: PlanarImage) {
  const { Tensor } = await import('onnxruntime-node');
  const tensor = new Tensor('uint8', image.pixels, [1, 3, image.heightPx, image.widthPx]);
  const start = process.cpuUsage();
  const { probability: map } = await session.run({ image: tensor });
  const { user, system } = process.cpuUsage(start);
  if (!map) throw new Error('not a converted text detector');
  return { map: map.data as Float32Array, cpuMs: (user + system) / 1000 };
}

function isFound(map: Float32Array, widthPx: number, [x, y, width, height]: TextBox): boolean {
  const [left, right] = [Math.round(x), Math.max(Math.round(x) + 1, Math.round(x + width))];
  let columns = 0;
  for (let column = left; column < right; column++) {
    for (let row = Math.floor(y); row <= y + height; row++) {
      if (map[row * widthPx + column] === 1) {
        columns++;
        break;
      }
    }
  }
  return columns / (right - left) >= FOUND_WIDTH;
}
