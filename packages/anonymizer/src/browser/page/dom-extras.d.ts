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
export declare function breakoutBox(scope?: object): BreakoutBox | undefined;
