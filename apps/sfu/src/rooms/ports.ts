import type { LiveStyle, LiveTimelineEvent, ModelRef, PublisherStats } from '@drape/contract';
import type { Endpoint, OutputDescription, RtpDescription } from '../engine/index.ts';

/** What rooms need of a process that anonymizes one stream. Injected, so that tests bring their own. */
export interface RoomAnonymizer {
  /** Where it listens for raw RTP, RTCP on the same port. */
  readonly listen: Endpoint;
  /** What it vouches for. */
  readonly attestation: { readonly profile: string; readonly models: readonly ModelRef[] };
  requestKeyframe(): void;
  /** Upper bound of its output in bits per second. */
  setMaxBitrate(bps: number): void;
  /** Idempotent; resolves when the process is gone. */
  close(): Promise<void>;
}

export interface AnonymizerRequest {
  readonly roomId: string;
  readonly epoch: number;
  /** Profile of the pipeline. */
  readonly profile: string;
  readonly style: LiveStyle;
  readonly holdMs: number;
  readonly maxBitrateBps: number;
  readonly input: RtpDescription;
  readonly output: OutputDescription;
  /** Aborted: nobody waits for it any more. */
  readonly signal: AbortSignal;
}

export interface AnonymizerEvents {
  readonly onStats: (stats: PublisherStats) => void;
  /** It cannot decode without a keyframe of the publisher. */
  readonly onKeyframeWanted: () => void;
  readonly onTimeline: (events: readonly LiveTimelineEvent[]) => void;
  /** It is gone without having been closed. At most once. */
  readonly onEnded: (reason: string) => void;
}

/** Resolves when its models are loaded and it listens; rejects when it does not start. */
export type OpenAnonymizer = (
  request: AnonymizerRequest,
  events: AnonymizerEvents,
) => Promise<RoomAnonymizer>;

/** A second pair of eyes on what viewers get. */
export interface RoomScan {
  readonly listen: Endpoint;
  /** Idempotent. */
  close(): Promise<void>;
}

export interface ScanHit {
  /** What was seen that should have been covered. */
  readonly class: string;
  /** 0..1, of the scan's own detector. */
  readonly score: number;
}

export interface ScanEvents {
  readonly onHit: (hit: ScanHit) => void;
  readonly onKeyframeWanted: () => void;
  readonly onEnded: (reason: string) => void;
}

export type OpenScan = (
  request: { readonly roomId: string; readonly epoch: number; readonly input: RtpDescription },
  events: ScanEvents,
) => Promise<RoomScan>;
