import type { LiveTimelineEvent } from '@drape/contract';
import {
  edgeSupport,
  openEdge,
  type EdgeAnonymizer,
  type EdgeOptions,
  type EdgeState,
} from '../../../src/browser/index.ts';
import { clipSource, type Clip } from './clip-source.ts';
import { watchCover, type CoverFrame, type TruthBox } from './cover-watch.ts';
import { drawnSource, type DrawnSource } from './drawn-source.ts';
import { watchTrack, type TrackWatch } from './watch-track.ts';

/** What tests do in the page, through page.evaluate(). */
export interface EdgeTools {
  readonly support: typeof edgeSupport;
  open(options: Omit<EdgeOptions, 'track' | 'assetsUrl' | 'signal'>, from: Source): Promise<Opened>;
  /** Reads what the edge is given, to show that there is something to hide. */
  watchSource(): void;
  /** Plays a clip through the edge, to its end. */
  runClip(
    options: Omit<EdgeOptions, 'track' | 'assetsUrl' | 'signal'>,
    clip: Clip,
    truth: readonly (readonly TruthBox[])[],
  ): Promise<{
    readonly frames: readonly CoverFrame[];
    readonly states: readonly EdgeState[];
    readonly failing: Current['failing'];
    readonly timeline: readonly LiveTimelineEvent[];
    readonly openMs: number;
  }>;
  readonly current: Current | undefined;
}

export type Source =
  | {
      readonly kind: 'drawn';
      readonly widthPx: number;
      readonly heightPx: number;
      readonly fps: number;
    }
  | {
      readonly kind: 'camera';
      readonly widthPx: number;
      readonly heightPx: number;
      readonly fps: number;
    };

export interface Opened {
  readonly carrier: string;
  readonly models: EdgeAnonymizer['models'];
  readonly openMs: number;
}

export interface Current {
  readonly edge: EdgeAnonymizer;
  readonly drawn: DrawnSource | undefined;
  readonly source: MediaStreamTrack;
  readonly out: TrackWatch;
  raw: TrackWatch | undefined;
  readonly states: EdgeState[];
  readonly failing: { readonly reason: string; readonly detail: string }[];
  readonly timeline: unknown[];
}

declare global {
  interface Window {
    edge: EdgeTools;
  }
}

let current: Current | undefined;

async function sourceOf(from: Source): Promise<{ track: MediaStreamTrack; drawn?: DrawnSource }> {
  if (from.kind === 'drawn') {
    const drawn = drawnSource(from);
    return { track: drawn.track, drawn };
  }
  const stream = await navigator.mediaDevices.getUserMedia({
    video: { width: from.widthPx, height: from.heightPx, frameRate: from.fps },
  });
  const [track] = stream.getVideoTracks();
  if (!track) throw new Error('no camera');
  return { track };
}

window.edge = {
  support: edgeSupport,
  watchSource() {
    if (current) current.raw = watchTrack(current.source);
  },
  get current() {
    return current;
  },
  async runClip(options, clip, truth) {
    const { track, play } = clipSource(clip);
    const startMs = performance.now();
    const edge = await openEdge({ ...options, track, assetsUrl: '/edge/' });
    const openMs = performance.now() - startMs;
    const states: EdgeState[] = [];
    const failing: Current['failing'] = [];
    const timeline: LiveTimelineEvent[] = [];
    edge.on('state', (state) => states.push(state));
    edge.on('failing', (event) => failing.push(event));
    edge.on('timeline', (events) => timeline.push(...events));
    const frames = watchCover(edge.track, clip, truth);
    await play();
    await new Promise((resolve) => setTimeout(resolve, options.holdMs + 500));
    await edge.close();
    return { frames, states, failing, timeline, openMs };
  },
  async open(options, from) {
    const startMs = performance.now();
    const { track, drawn } = await sourceOf(from);
    const edge = await openEdge({ ...options, track, assetsUrl: '/edge/' });
    const openMs = performance.now() - startMs;
    const states: EdgeState[] = [];
    const failing: Current['failing'] = [];
    const timeline: unknown[] = [];
    edge.on('state', (state) => states.push(state));
    edge.on('failing', (event) => failing.push(event));
    edge.on('timeline', (events) => timeline.push(...events));
    const out = watchTrack(edge.track);
    current = { edge, drawn, source: track, out, raw: undefined, states, failing, timeline };
    return { carrier: edge.carrier, models: edge.models, openMs };
  },
};
