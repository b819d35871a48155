import type { InferenceSession } from 'onnxruntime-node';
import type { PlanarImage } from '../images.ts';
import type { Postprocess } from '../manifest-schema.ts';

type Decoding = Extract<Postprocess, { kind: 'centerface' }>;

/** A box in pixels of the network's input. */
export interface Box {
  x: number;
  y: number;
  width: number;
  height: number;
  score: number;
}

/**
 * Run a converted CenterFace on one picture: every cell at or above the proposal threshold as a box, the weaker of
 * overlapping ones dropped.
 *
 * @returns cpuMs: processor time of the run, which other work on the machine disturbs less than the clock's
 */
export async function proposals(
  session: InferenceSession,
  image: PlanarImage,
  decoding: Decoding,
): Promise<{ boxes: Box[]; cpuMs: number }> {
  const { Tensor } = await import('onnxruntime-node');
  const tensor = new Tensor('uint8', image.pixels, [1, 3, image.heightPx, image.widthPx]);
  const start = process.cpuUsage();
  const { heatmap, scale, offset } = await session.run({ image: tensor });
  const { user, system } = process.cpuUsage(start);
  const [scores, sizes, shifts] = [heatmap, scale, offset].map((map) => map?.data as Float32Array);
  const { stridePx } = decoding;
  const columns = image.widthPx / stridePx;
  const boxes: Box[] = [];
  if (!scores || !sizes || !shifts) throw new Error('not a converted CenterFace');
  const cells = scores.length;
  for (const [i, score] of scores.entries()) {
    if (score < decoding.proposalThreshold) continue;
    const height = Math.exp(sizes[i] ?? 0) * stridePx;
    const width = Math.exp(sizes[i + cells] ?? 0) * stridePx;
    const centreY = (Math.floor(i / columns) + (shifts[i] ?? 0) + 0.5) * stridePx;
    const centreX = ((i % columns) + (shifts[i + cells] ?? 0) + 0.5) * stridePx;
    boxes.push({ x: centreX - width / 2, y: centreY - height / 2, width, height, score });
  }
  return { boxes: suppress(boxes, decoding.nmsIou), cpuMs: (user + system) / 1000 };
}

function suppress(boxes: Box[], nmsIou: number): Box[] {
  const kept: Box[] = [];
  for (const box of boxes.sort((a, b) => b.score - a.score)) {
    if (kept.every((other) => iou(box, other) < nmsIou)) kept.push(box);
  }
  return kept;
}

function iou(a: Box, b: Box): number {
  const width = Math.min(a.x + a.width, b.x + b.width) - Math.max(a.x, b.x);
  const height = Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y);
  if (width <= 0 || height <= 0) return 0;
  const shared = width * height;
  return shared / (a.width * a.height + b.width * b.height - shared);
}
