import type { InferenceSession } from 'onnxruntime-node';
import type { PlanarImage } from '../images.ts';

/** A box in pixels of the network's input. */
export interface Box {
  x: number;
  y: number;
  width: number;
  height: number;
  score: number;
}

const STRIDE_PX = 4;

/** Run a converted CenterFace on one picture: every cell at or above the threshold as a box, overlaps kept. */
export async function proposals(
  session: InferenceSession,
  image: PlanarImage,
  threshold: number,
): Promise<{ boxes: Box[]; latencyMs: number }> {
  const { Tensor } = await import('onnxruntime-node');
  const tensor = new Tensor('uint8', image.pixels, [1, 3, image.heightPx, image.widthPx]);
  const start = performance.now();
  const { heatmap, scale, offset } = await session.run({ image: tensor });
  const latencyMs = performance.now() - start;
  const [scores, sizes, shifts] = [heatmap, scale, offset].map((map) => map?.data as Float32Array);
  const columns = image.widthPx / STRIDE_PX;
  const boxes: Box[] = [];
  if (!scores || !sizes || !shifts) throw new Error('not a converted CenterFace');
  const cells = scores.length;
  for (const [i, score] of scores.entries()) {
    if (score < threshold) continue;
    const height = Math.exp(sizes[i] ?? 0) * STRIDE_PX;
    const width = Math.exp(sizes[i + cells] ?? 0) * STRIDE_PX;
    const centreY = (Math.floor(i / columns) + (shifts[i] ?? 0) + 0.5) * STRIDE_PX;
    const centreX = ((i % columns) + (shifts[i + cells] ?? 0) + 0.5) * STRIDE_PX;
    boxes.push({ x: centreX - width / 2, y: centreY - height / 2, width, height, score });
  }
  return { boxes: suppress(boxes), latencyMs };
}

/** Non-maximum suppression at IoU 0.3, the published code's value. */
function suppress(boxes: Box[]): Box[] {
  const kept: Box[] = [];
  for (const box of boxes.sort((a, b) => b.score - a.score)) {
    if (kept.every((other) => iou(box, other) < 0.3)) kept.push(box);
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
