import { join } from 'node:path';
import { pythonWorker, WorkerPool } from '@drape/anonymizer/node';
import { atDepth, measureFrames, type FrameFigures } from './measure-frames.ts';
import { PlainPeer } from './plain-peer.ts';

/** 1920×1080, 4:2:0. */
export const FRAME_BYTES = 1920 * 1080 * 1.5;

const frame = Buffer.alloc(FRAME_BYTES, 0x5a);
const replies = Array.from({ length: 4 }, () => Buffer.alloc(FRAME_BYTES));
const reply = (lane: number): Buffer => replies[lane] ?? Buffer.alloc(FRAME_BYTES);

/** (a) A process for every frame. */
export function processPerRequest(frames: number): Promise<FrameFigures> {
  return measureFrames(frames, [], () =>
    atDepth(frames, 1, async (lane) => {
      const peer = new PlainPeer(FRAME_BYTES);
      await peer.pass(frame, reply(lane));
      await peer.close();
    }),
  );
}

/** (b) `stdin.buffer.read(frame)`, `stdout.buffer.write(frame)` in one process. */
export async function plain(frames: number, depth: number): Promise<FrameFigures> {
  const peer = new PlainPeer(FRAME_BYTES);
  await peer.pass(frame, reply(0));
  const figures = await measureFrames(frames, [peer.pid], () =>
    atDepth(frames, depth, (lane) => peer.pass(frame, reply(lane))),
  );
  await peer.close();
  return figures;
}

function openOurs(slots: number): WorkerPool {
  const spec = pythonWorker({
    name: 'bench',
    modules: ['echo_frame'],
    pythonPath: [join(import.meta.dirname, 'peers')],
    bounds: { slots },
  });
  return new WorkerPool(spec, { size: 1 });
}

/** (c) Our worker, with its slots of shared memory or with none. */
export async function ours(frames: number, depth: number, slots: number): Promise<FrameFigures> {
  await using pool = openOurs(slots);
  const pass = async (lane: number): Promise<void> => {
    await pool.call('frame', { payload: [frame], replyInto: reply(lane) });
  };
  for (let lane = 0; lane < 8; lane++) await pass(lane % replies.length);
  return await measureFrames(frames, pool.pids, () => atDepth(frames, depth, pass));
}

/** (d) The two copies that sharing nothing costs at least: there and back. */
export function memcpy(frames: number): Promise<FrameFigures> {
  const there = Buffer.alloc(FRAME_BYTES);
  return measureFrames(frames, [], () =>
    atDepth(frames, 1, (lane) => {
      frame.copy(there);
      there.copy(reply(lane));
      return Promise.resolve();
    }),
  );
}

/** Round trips of a call without bytes, in milliseconds, one after the other. */
export async function smallCalls(count: number): Promise<number[]> {
  await using pool = openOurs(8);
  const times: number[] = [];
  for (let index = 0; index < count + 200; index++) {
    const startedAt = performance.now();
    await pool.call('small', { args: index });
    if (index >= 200) times.push(performance.now() - startedAt);
  }
  return times.sort((a, b) => a - b);
}
