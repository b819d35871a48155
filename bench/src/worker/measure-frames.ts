import { cpuMsOf, cpuMsOfEnded, ownCpuMs } from './cpu.ts';

export interface FrameFigures {
  readonly framesPerSecond: number;
  /** Of both sides together. */
  readonly cpuMsPerFrame: number;
}

/** Runs `work`, which passes `frames` frames, and measures both ends of it. */
export async function measureFrames(
  frames: number,
  pids: readonly number[],
  work: () => Promise<void>,
): Promise<FrameFigures> {
  const cpu = (): number =>
    ownCpuMs() + cpuMsOfEnded() + pids.reduce((sum, pid) => sum + cpuMsOf(pid), 0);
  const cpuBefore = cpu();
  const startedAt = performance.now();
  await work();
  const elapsedMs = performance.now() - startedAt;
  return {
    framesPerSecond: (1000 * frames) / elapsedMs,
    cpuMsPerFrame: (cpu() - cpuBefore) / frames,
  };
}

/** Calls `once` `count` times, `depth` of them at a time. */
export async function atDepth(
  count: number,
  depth: number,
  once: (lane: number) => Promise<void>,
): Promise<void> {
  let left = count;
  const lane = async (index: number): Promise<void> => {
    while (left-- > 0) await once(index);
  };
  await Promise.all(Array.from({ length: depth }, (_, index) => lane(index)));
}
