// Chromium's breakout box, which TypeScript's DOM library does not know (TypeScript 6.0):
// https://w3c.github.io/mediacapture-transform/ and, for the generator, its first draft.

export interface TrackProcessor {
  readonly readable: ReadableStream<VideoFrame>;
}

export interface TrackGenerator extends MediaStreamTrack {
  readonly writable: WritableStream<VideoFrame>;
}

export interface BreakoutBox {
  readonly MediaStreamTrackProcessor: new (init: {
    readonly track: MediaStreamTrack;
    readonly maxBufferSize?: number;
  }) => TrackProcessor;
  readonly MediaStreamTrackGenerator: new (init: { readonly kind: 'video' }) => TrackGenerator;
}

/** The breakout box of this window, where it has one. */
export function breakoutBox(scope: object = globalThis): BreakoutBox | undefined {
  return 'MediaStreamTrackProcessor' in scope && 'MediaStreamTrackGenerator' in scope
    ? (scope as BreakoutBox)
    : undefined;
}
