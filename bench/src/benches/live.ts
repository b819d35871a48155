import { join } from 'node:path';
import type { BenchContext, BenchRow } from '../bench.ts';
import type { GlassStats } from '../live/glass.ts';
import { glassToGlass } from '../live/glass.ts';
import { measureServerStream } from '../live/server-stream.ts';
import { measureViewers } from '../live/viewers/measure.ts';
import { demo720p } from '../material/clips.ts';

const PROJECT_ROOT = join(import.meta.dirname, '..', '..', '..');
const HOLD_MS = 200;
const SECONDS = 20;
/** Beside the hold, on a loopback: ../shared/DESIGN.md section 8. */
const EDGE_P95_MS = 200;
const SERVER_ADDED_P95_MS = 60;
/** The camera's clock and ours drift by a frame in a minute. */
const FPS_HELD = 29.5;
/** Two workers in one run differ by this much without any cause. */
const SAME_COST = 1.1;

/** Live, from camera to screen, and what the server takes for it. */
export async function runLive(context: BenchContext): Promise<readonly BenchRow[]> {
  return [
    ...(await serverStreamRows(context)),
    ...(await glassRows('edge', context)),
    ...(await glassRows('server', context)),
    ...(await viewerRows(context)),
  ];
}

async function serverStreamRows(context: BenchContext): Promise<BenchRow[]> {
  const { signal } = context;
  context.say('server stream, 1080p30, without browsers');
  const size = { widthPx: 1920, heightPx: 1080 };
  const job = { clip: demo720p().path, ...size, fps: 30, seconds: SECONDS };
  const figures = await measureServerStream({ ...job, holdMs: HOLD_MS, profile: 'mixed', signal });
  const whole = `${(figures.wholeShare * 100).toFixed(1)} % of frames covered whole`;
  return [
    {
      name: 'server 1080p30: frames held',
      figure: figures.fpsOut,
      unit: 'frames/s',
      atLeast: FPS_HELD,
      detail: `${figures.fpsIn.toFixed(1)} came in; ${whole}`,
    },
    {
      name: 'server 1080p30: added latency p95, on top of the hold',
      figure: figures.addedP95Ms,
      unit: 'ms',
      atMost: SERVER_ADDED_P95_MS,
      detail: `p50 ${figures.addedP50Ms.toFixed(0)} ms; hold ${HOLD_MS} ms asked for, ${figures.holdMs.toFixed(0)} ms in force`,
    },
    {
      name: 'server 1080p30: processor of its process',
      figure: figures.cores,
      unit: 'cores',
      detail: `${stagesTold(figures.stageCores)}; steps of the overload ladder: ${[...new Set(figures.steps)].join(', ')}`,
    },
  ];
}

function stagesTold(cores: Readonly<Record<string, number>>): string {
  return Object.entries(cores)
    .map(([stage, share]) => `${stage} ${share.toFixed(2)}`)
    .join(', ');
}

async function glassRows(mode: 'edge' | 'server', context: BenchContext): Promise<BenchRow[]> {
  context.say(`glass to glass, ${mode} mode, 720p30`);
  const stats = await glassToGlass({
    clip: demo720p().path,
    mode,
    seconds: SECONDS,
    framesPerSecond: 30,
    signal: context.signal,
  });
  const { settledMs } = stats;
  const holdMs = stats.holdMs ?? HOLD_MS;
  const detail = detailOf(stats, holdMs);
  const name = `${mode} 720p30, two browsers and the servers on this machine`;
  if (!settledMs) {
    const row = { name: `${name}: frames with a number`, figure: 0, unit: 'frames/s' } as const;
    return [{ ...row, atLeast: 1, detail: `no latency can be told; ${detail}` }];
  }
  return [
    { name: `${name}: p50 minus hold`, figure: settledMs.p50 - holdMs, unit: 'ms', detail },
    {
      name: `${name}: p95 minus hold`,
      figure: settledMs.p95 - holdMs,
      unit: 'ms',
      ...(mode === 'edge' ? { atMost: EDGE_P95_MS } : {}),
      detail: `${settledMs.n} frames, worst ${(settledMs.max - holdMs).toFixed(0)} ms`,
    },
    {
      name: `${name}: seen`,
      figure: stats.viewer.framesPerSecond,
      unit: 'frames/s',
      detail: `camera ${stats.camera.framesPerSecond.toFixed(1)}, longest picture ${stats.viewer.longestMs.toFixed(0)} ms`,
    },
  ];
}

function detailOf(stats: GlassStats, holdMs: number): string {
  const cpu = stats.cpu.filter((one) => one.cores >= 0.05);
  return [
    `hold ${holdMs} ms`,
    `load ${stats.load.before.toFixed(1)} to ${stats.load.after.toFixed(1)}`,
    `cores: ${cpu.map((one) => `${one.name} ${one.cores.toFixed(2)}`).join(', ')}`,
    ...(stats.capture.behind ? ['THE RECORDING WAS BEHIND'] : []),
  ].join('; ');
}

async function viewerRows(context: BenchContext): Promise<BenchRow[]> {
  const clip = demo720p().path;
  const costs = await measureViewers({ ...context, root: PROJECT_ROOT, clip, seconds: SECONDS });
  const perPacket = (side: 'ours' | 'raw'): number =>
    costs[side].msPerViewer / costs[side].packetsPerS;
  const told = (side: 'ours' | 'raw'): string =>
    `${side} ${costs[side].msPerViewer.toFixed(2)} ms a second for ${costs[side].packetsPerS.toFixed(0)} packets`;
  return [
    {
      name: 'processor for one more viewer: ours ÷ raw mediasoup, for the same packets',
      figure: perPacket('ours') / perPacket('raw'),
      unit: '×',
      atMost: SAME_COST,
      detail: `${told('ours')}, ${told('raw')}`,
    },
  ];
}
