import {
  firstSighting,
  lastSighting,
  type DetectorLine,
  type PaintStyle,
  type Profile,
  type RotationDeg,
  type Size,
  type TimelineRecorder,
  type Track,
} from '@drape/anonymizer/core';
import type { Timeline, TimelineTrack } from '@drape/contract';

export interface TimelineParts {
  readonly kind: 'video' | 'still';
  readonly size: Size;
  readonly rotationDeg: RotationDeg;
  readonly profile: Profile;
  readonly style: PaintStyle;
  readonly hold: number | 'whole';
  readonly passes: 1 | 2;
  readonly lines: readonly DetectorLine[];
  readonly tracks: readonly Track[];
  readonly recorder: TimelineRecorder;
  readonly warnings: readonly string[];
}

/** The contract's timeline from what the core collected. */
export function timelineOf(parts: TimelineParts): Timeline {
  const { size, rotationDeg, profile, recorder } = parts;
  const firstUs = recorder.firstUs ?? 0;
  const lastUs = recorder.lastUs ?? 0;
  return {
    schema: 'drape.timeline/1',
    media: {
      kind: parts.kind,
      widthPx: size.widthPx,
      heightPx: size.heightPx,
      rotationDeg,
      frames: recorder.frames,
      firstUs,
      lastUs,
    },
    policy: {
      profile: profile.name,
      style: parts.style.kind,
      hold: parts.hold,
      passes: parts.passes,
      detectors: parts.lines.map(({ info, policy }) => ({
        id: info.id,
        required: policy.required,
        classes: [...info.classes],
        low: info.steps.low,
        high: info.steps.high,
        models: info.models.map((model) => ({ ...model })),
      })),
      always: profile.always.map((region) => ({ ...region })),
    },
    tracks: parts.tracks
      .map((track) => trackOf(track, profile, { firstUs, lastUs }))
      .sort((a, b) => a.fromUs - b.fromUs || a.id - b.id),
    whole: recorder.whole.map((interval) => ({ ...interval })),
    events: recorder.events.map((event) => ({ ...event })),
    eventsDropped: recorder.eventsDropped,
    warnings: [...parts.warnings],
  };
}

function trackOf(
  track: Track,
  profile: Profile,
  span: { readonly firstUs: number; readonly lastUs: number },
): TimelineTrack {
  const policy = profile.classes[track.cls];
  return {
    id: track.id,
    class: track.cls,
    detector: track.detectorId,
    fromUs: Math.max(span.firstUs, firstSighting(track).ptsUs - policy.carryBackMs * 1000),
    toUs: Math.min(span.lastUs, lastSighting(track).ptsUs + policy.carryOnMs * 1000),
    bestScore: Math.max(...track.sightings.map((sighting) => sighting.score)),
    sightings: track.sightings.map(({ ptsUs, box, score }) => ({
      atUs: ptsUs,
      box: [rounded(box.x), rounded(box.y), rounded(box.w), rounded(box.h)],
      score: Math.round(score * 1000) / 1000,
    })),
  };
}

function rounded(px: number): number {
  return Math.round(px * 10) / 10;
}
