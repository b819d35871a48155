import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import sharp from 'sharp';
import { z } from 'zod';
import { letterbox, pickImages, scaleOf } from '../images.ts';
import { loadManifest, findModel } from '../manifest.ts';
import { modelFile } from '../state.ts';
import { type Box, proposals } from './centerface.ts';
import { coveredShare } from './coverage.ts';

const faceSchema = z.object({
  box: z.tuple([z.number(), z.number(), z.number(), z.number()]),
  hard: z.boolean().optional(),
  ignore: z.boolean().optional(),
});
const truthSchema = z.record(
  z.string(),
  z.object({ tag: z.string().optional(), faces: z.array(faceSchema) }),
);

const THRESHOLDS = [0.03, 0.05, 0.1, 0.2] as const;

interface Size {
  widthPx: number;
  heightPx: number;
}

/** Sum of a per-picture figure, by set and threshold. */
class Tally {
  readonly #sums = new Map<string, { value: number; count: number }>();

  add(key: string, value: number): void {
    const sum = this.#sums.get(key) ?? { value: 0, count: 0 };
    this.#sums.set(key, { value: sum.value + value, count: sum.count + 1 });
  }

  mean(key: string): number {
    const sum = this.#sums.get(key);
    return sum ? sum.value / sum.count : NaN;
  }
}

/**
 * Print, for each variant and input size of the face detector: share of face boxes covered (90 % of the box inside the
 * grown detections), painted share of endoscopy pictures, and time on one thread.
 *
 * @param data folder with `faces_images/<set>/gt.json` and `surgical/` pictures
 */
export async function measureFaces(data: string, log: (line: string) => void): Promise<void> {
  const { InferenceSession } = await import('onnxruntime-node');
  const model = findModel(loadManifest(), 'face-centerface');
  const { postprocess } = model;
  if (postprocess.kind !== 'centerface') throw new Error('face-centerface is no CenterFace');
  log(['variant', 'size', 'at', 'OR', 'masked', 'mix', 'surgeons', 'dlib', 'endo %'].join('\t'));
  for (const { variant } of model.outputs) {
    const session = await InferenceSession.create(modelFile(model.id, { variant }), {
      intraOpNumThreads: 1,
      interOpNumThreads: 1,
    });
    for (const size of model.preprocess.sizes) {
      const tally = new Tally();
      const times: number[] = [];
      const look = async (file: string) => {
        const found = await proposals(session, await letterbox(file, size), postprocess);
        times.push(found.cpuMs);
        return found.boxes;
      };
      await measureRecall(path.join(data, 'faces_images'), { size, tally, look });
      await measurePaint(path.join(data, 'surgical'), { size, tally, look });
      for (const at of THRESHOLDS) {
        const cells = ['OR', 'masked_kaggle', 'wider_mix', 'wider_surgeons', 'dlib_faces'].map(
          (set) => tally.mean(`${set}@${at}`).toFixed(3),
        );
        const paint = (100 * tally.mean(`endo@${at}`)).toFixed(2);
        log([variant, `${size.heightPx}x${size.widthPx}`, at, ...cells, paint].join('\t'));
      }
      times.sort((a, b) => a - b);
      const middle = times[Math.floor(times.length / 2)] ?? NaN;
      log(
        `${variant}\t${size.heightPx}x${size.widthPx}\t${middle.toFixed(1)} ms of CPU a picture (median), one thread`,
      );
    }
    await session.release();
  }
}

interface Run {
  size: Size;
  tally: Tally;
  look: (file: string) => Promise<Box[]>;
}

async function measureRecall(dir: string, { size, tally, look }: Run): Promise<void> {
  for (const set of readdirSync(dir)) {
    const truth = truthSchema.parse(
      JSON.parse(readFileSync(path.join(dir, set, 'gt.json'), 'utf8')),
    );
    for (const [name, { tag, faces }] of Object.entries(truth)) {
      const file = path.join(dir, set, name);
      const scale = await scaleOf(file, size);
      const boxes = await look(file);
      for (const face of faces) {
        if (face.ignore === true || face.hard === false) continue;
        const [x, y, width, height] = face.box.map((value) => value * scale) as typeof face.box;
        for (const at of THRESHOLDS) {
          const painted = boxes.filter((box) => box.score >= at);
          const covered = coveredShare({ x, y, width, height }, painted) >= 0.9 ? 1 : 0;
          tally.add(`${set}@${at}`, covered);
          if (tag === 'operating-room') tally.add(`OR@${at}`, covered);
        }
      }
    }
  }
}

async function measurePaint(dir: string, { size, tally, look }: Run): Promise<void> {
  for (const file of await pickImages(dir, Infinity)) {
    const scale = await scaleOf(file, size);
    const { width, height } = await sharp(file).metadata();
    const area = { x: 0, y: 0, width: width * scale, height: height * scale };
    const boxes = await look(file);
    for (const at of THRESHOLDS) {
      tally.add(
        `endo@${at}`,
        coveredShare(
          area,
          boxes.filter((box) => box.score >= at),
        ),
      );
    }
  }
}
