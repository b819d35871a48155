import { readFileSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import { chromium } from 'playwright-core';
import { mediaWorkerFile } from '../../../../apps/sfu/worker/location.mjs';
import { BenchError } from '../../errors.ts';
import { cpuMsOf } from '../../worker/cpu.ts';
import { codeClip } from '../coded-clip.ts';
import { playRtp } from '../rtp-player.ts';
import { servePage } from './serve.ts';
import type { Side } from './side.ts';
import { openOurs, openRaw } from './side.ts';

const CHROMIUM = '/usr/bin/chromium';
const FPS = 30;
/** The load of a viewer is its packets: a small picture at the bit rate of a large one decodes fast. */
const PICTURE = { widthPx: 320, heightPx: 180, bitrateBps: 4_000_000 };
const FEW = 1;
const MANY = 9;

export interface ViewerCost {
  /** Processor time of the media worker for one more viewer, in milliseconds a second. */
  readonly msPerViewer: number;
  /** Packets a second that one viewer got. */
  readonly packetsPerS: number;
}

/**
 * What one more viewer costs the media worker, ours and a bare one, side by side in one run:
 * the same packets to the same number of viewers, in the same browser, at the same time.
 */
export async function measureViewers(job: {
  readonly root: string;
  readonly clip: string;
  readonly seconds: number;
  readonly signal: AbortSignal;
  say(line: string): void;
}): Promise<Readonly<Record<Side['name'], ViewerCost>>> {
  const workerBin = mediaWorkerFile(job.root);
  job.say('coding the picture');
  const pictures = await codeClip(job.clip, { ...PICTURE, frames: 10 * FPS, keyframeEvery: FPS });
  const ours = await openOurs(workerBin);
  const [ourPid] = workersOfThisProcess();
  const raw = await openRaw(workerBin);
  const rawPid = workersOfThisProcess().find((pid) => pid !== ourPid);
  if (ourPid === undefined || rawPid === undefined) {
    throw new BenchError('run-failed', 'the media workers can not be told apart: no /proc?');
  }
  const stop = new AbortController();
  const players = [ours, raw].map(({ inlet }) =>
    playRtp({
      pictures,
      fps: FPS,
      seconds: 3600,
      to: inlet,
      payloadType: inlet.payloadType,
      ssrc: inlet.ssrc,
      signal: AbortSignal.any([stop.signal, job.signal]),
    }).catch(() => undefined),
  );
  const served = await servePage([ours, raw]);
  const browser = await chromium.launch({
    executablePath: CHROMIUM,
    chromiumSandbox: false,
    handleSIGINT: false,
    handleSIGTERM: false,
  });
  try {
    const page = await browser.newPage();
    await page.goto(served.url);
    const add = async (count: number): Promise<void> => {
      for (let at = 0; at < count; at++) {
        for (const side of ['ours', 'raw']) {
          await page.evaluate((name) => (globalThis as never as Page).addViewer(name), side);
        }
      }
    };
    const look = async (): Promise<Look> => {
      const before = await page.evaluate(() => (globalThis as never as Page).packets());
      const [a, b, startedMs] = [cpuMsOf(ourPid), cpuMsOf(rawPid), performance.now()];
      await wait(job.seconds * 1000, undefined, { signal: job.signal });
      const elapsedS = (performance.now() - startedMs) / 1000;
      const [c, d] = [cpuMsOf(ourPid), cpuMsOf(rawPid)];
      const after = await page.evaluate(() => (globalThis as never as Page).packets());
      const packets = after.map((count, at) => (count - (before[at] ?? 0)) / elapsedS);
      return { ours: (c - a) / elapsedS, raw: (d - b) / elapsedS, packets };
    };
    await add(FEW);
    await wait(3000);
    job.say(`${FEW} viewer of each side`);
    const few = await look();
    await add(MANY - FEW);
    await wait(3000);
    job.say(`${MANY} viewers of each side`);
    const many = await look();
    // Viewers were opened in turns: ours, raw, ours, raw …
    const mean = (offset: number): number => {
      const own = many.packets.filter((_, at) => at % 2 === offset);
      return own.reduce((sum, count) => sum + count, 0) / Math.max(1, own.length);
    };
    const each = (side: 'ours' | 'raw'): number => (many[side] - few[side]) / (MANY - FEW);
    job.say(`packets a second, ours and raw in turns: ${many.packets.map(Math.round).join(' ')}`);
    return {
      ours: { msPerViewer: each('ours'), packetsPerS: mean(0) },
      raw: { msPerViewer: each('raw'), packetsPerS: mean(1) },
    };
  } finally {
    stop.abort();
    await browser.close();
    await Promise.all(players);
    await served.close();
    ours.close();
    raw.close();
  }
}

interface Page {
  addViewer(side: string): Promise<void>;
  packets(): Promise<number[]>;
}

interface Look {
  /** Milliseconds of processor time a second. */
  readonly ours: number;
  readonly raw: number;
  readonly packets: readonly number[];
}

/** Media workers that this process started, oldest first. */
function workersOfThisProcess(): number[] {
  const children = readFileSync(`/proc/self/task/${process.pid}/children`, 'utf8');
  return children
    .trim()
    .split(/\s+/)
    .map(Number)
    .filter((pid) => readFileSync(`/proc/${pid}/cmdline`, 'latin1').includes('mediasoup-worker'));
}
