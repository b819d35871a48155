import { createSocket } from 'node:dgram';
import { openStreamAnonymizer, type StreamState } from '../../../apps/sfu/src/anonymizer/index.ts';
import { cpuMsOf, threadsCpuMsOf } from '../worker/cpu.ts';
import { median, quantile } from '../statistics.ts';
import { codeClip } from './coded-clip.ts';
import { playRtp } from './rtp-player.ts';

export interface ServerStreamJob {
  readonly clip: string;
  readonly widthPx: number;
  readonly heightPx: number;
  readonly fps: number;
  readonly seconds: number;
  readonly holdMs: number;
  readonly profile: string;
  readonly fromFrame?: number;
  readonly signal?: AbortSignal;
}

export interface ServerStreamFigures {
  readonly fpsIn: number;
  readonly fpsOut: number;
  /** On top of the hold, from a picture's last packet in to its first one out, over all pictures. */
  readonly addedP50Ms: number;
  readonly addedP95Ms: number;
  /** The hold that was in force, median over the seconds. */
  readonly holdMs: number;
  /** Share of frames covered whole after the first two seconds. */
  readonly wholeShare: number;
  readonly wholeCauses: Readonly<Record<string, number>>;
  readonly coveredShare: number;
  /** Cores that the process took. */
  readonly cores: number;
  /** Of those, what each stage took; what takes less than a hundredth is left out. */
  readonly stageCores: Readonly<Record<string, number>>;
  readonly steps: readonly string[];
  readonly states: readonly StreamState[];
}

const PAYLOAD_TYPE = 102;
const SSRC = 0x1234;
/** Left out of the figures: the first look, the first keyframe. */
const SETTLE_S = 2;
const BITRATE_BPS = 4_000_000;

/** Plays a clip into the server's anonymizer as a router would, and reads what it says of itself. */
export async function measureServerStream(job: ServerStreamJob): Promise<ServerStreamFigures> {
  const { widthPx, heightPx, fps, seconds, holdMs, profile } = job;
  const pictures = await codeClip(job.clip, {
    widthPx,
    heightPx,
    frames: Math.min(seconds, 20) * fps,
    keyframeEvery: fps * 5,
    bitrateBps: BITRATE_BPS,
    ...(job.fromFrame === undefined ? {} : { fromFrame: job.fromFrame }),
  });
  const sink = createSocket('udp4');
  await new Promise<void>((resolve) => {
    sink.bind(0, '127.0.0.1', resolve);
  });
  const stream = await openStreamAnonymizer({
    roomId: 'bench',
    epoch: 1,
    profile,
    style: { kind: 'pixelate' },
    holdMs,
    maxBitrateBps: BITRATE_BPS,
    input: { mimeType: 'video/H264', payloadType: PAYLOAD_TYPE, clockRate: 90_000, ssrc: SSRC },
    output: {
      mimeType: 'video/H264',
      payloadType: PAYLOAD_TYPE,
      ssrc: SSRC + 1,
      cname: 'bench',
      ip: '127.0.0.1',
      port: sink.address().port,
    },
    ...(job.signal ? { signal: job.signal } : {}),
  });
  try {
    const states: StreamState[] = [];
    let cpuMs = 0;
    let threadsMs = new Map<string, number>();
    let sinceMs = 0;
    stream.on('state', (state) => {
      states.push(state);
      if (states.length !== SETTLE_S) return;
      cpuMs = cpuMsOf(stream.pid);
      threadsMs = threadsCpuMsOf(stream.pid);
      sinceMs = performance.now();
    });
    await playRtp({
      pictures,
      fps,
      seconds,
      to: stream.listen,
      payloadType: PAYLOAD_TYPE,
      ssrc: SSRC,
      ...(job.signal ? { signal: job.signal } : {}),
    });
    const lastedMs = performance.now() - sinceMs;
    const cores = (cpuMsOf(stream.pid) - cpuMs) / lastedMs;
    const stageCores = stagesOf(threadsMs, threadsCpuMsOf(stream.pid), lastedMs);
    return { ...figuresOf(states.slice(SETTLE_S)), cores, stageCores };
  } finally {
    await stream.close();
    sink.close();
  }
}

/** Threads of a stream's process, as its stages; detectors have threads of their own name. */
const STAGES: Readonly<Record<string, string>> = {
  MainThread: 'packets, plan, paint',
  node: 'packets, plan, paint',
  'libuv-worker': 'decode, encode',
  V8Worker: 'compiler, memory',
};

function stagesOf(
  before: ReadonlyMap<string, number>,
  after: ReadonlyMap<string, number>,
  lastedMs: number,
): Record<string, number> {
  const stages: Record<string, number> = {};
  for (const [thread, ms] of after) {
    const stage = STAGES[thread] ?? thread;
    stages[stage] = (stages[stage] ?? 0) + (ms - (before.get(thread) ?? 0)) / lastedMs;
  }
  return Object.fromEntries(
    Object.entries(stages)
      .filter(([, cores]) => cores >= 0.01)
      .sort((a, b) => b[1] - a[1]),
  );
}

type Told = Omit<ServerStreamFigures, 'cores' | 'stageCores'>;

function figuresOf(states: readonly StreamState[]): Told {
  const frames = states.reduce((sum, state) => sum + state.fpsOut, 0);
  const addedMs = states.flatMap((state) => state.addedMs);
  const whole = states.reduce((sum, state) => sum + state.wholeFrames, 0);
  const causes: Record<string, number> = {};
  for (const { whole: cause } of states) if (cause) causes[cause] = (causes[cause] ?? 0) + 1;
  return {
    fpsIn: median(states.map((state) => state.fpsIn)),
    fpsOut: median(states.map((state) => state.fpsOut)),
    addedP50Ms: quantile(addedMs, 0.5),
    addedP95Ms: quantile(addedMs, 0.95),
    holdMs: median(states.map((state) => state.holdMs)),
    wholeShare: frames > 0 ? whole / frames : 1,
    wholeCauses: causes,
    coveredShare: median(states.map((state) => state.coveredShare)),
    steps: states.map((state) => state.step),
    states,
  };
}
