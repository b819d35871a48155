import { modelFile } from './state.ts';

const SIZE = { widthPx: 640, heightPx: 384 };
const RUNS = 25;

/**
 * Processor time, in milliseconds, of CenterFace in fp32 on 384×640, on one thread, median: what a machine is worth for
 * looks. 29 on the machine for which the project's limits for looks were set.
 */
export async function yardstickMs(): Promise<number> {
  const { InferenceSession, Tensor } = await import('onnxruntime-node');
  const session = await InferenceSession.create(modelFile('face-centerface', { variant: 'fp32' }), {
    intraOpNumThreads: 1,
    interOpNumThreads: 1,
  });
  const { widthPx, heightPx } = SIZE;
  const pixels = Uint8Array.from({ length: 3 * widthPx * heightPx }, (_, at) => (at * 7919) >> 3);
  const times: number[] = [];
  for (let run = 0; run < RUNS; run++) {
    const before = process.cpuUsage();
    await session.run({ image: new Tensor('uint8', pixels, [1, 3, heightPx, widthPx]) });
    const { user, system } = process.cpuUsage(before);
    times.push((user + system) / 1000);
  }
  await session.release();
  return times.sort((a, b) => a - b)[RUNS >> 1] ?? NaN;
}
