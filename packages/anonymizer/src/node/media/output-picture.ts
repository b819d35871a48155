import type { AVFrameSideDataType } from 'node-av/constants';
import { AV_FRAME_FLAG_KEY, AV_PICTURE_TYPE_NONE, AV_PIX_FMT_YUV420P } from 'node-av/constants';
import type { Frame } from 'node-av/lib';
import type { RotationDeg, Size } from '@drape/anonymizer/core';
import { isFullRange } from './colour.ts';
import { extendEdges, fillBlack, newI420, place, turned } from './compose.ts';
import type { OutputContainer } from './containers.ts';
import { PictureConverter } from './convert.ts';
import type { VideoInfo } from './video-info.ts';

/** Above the highest AVFrameSideDataType of FFmpeg 8. */
const SIDE_DATA_TYPES = 64;

/** Brings painted pictures to the one size and orientation of the output. */
export class OutputPicture {
  /** What the encoder gets; even for H.264. */
  readonly coded: Size;
  readonly sampleAspect: VideoInfo['sampleAspect'];
  readonly #source: Size;
  readonly #turnDeg: RotationDeg;
  readonly #threads: number;
  #converter: PictureConverter | undefined;

  constructor(info: VideoInfo, container: OutputContainer, threads: number) {
    this.#source = info;
    this.#threads = threads;
    this.#turnDeg = container.carriesRotation ? 0 : info.rotationDeg;
    const sideways = this.#turnDeg === 90 || this.#turnDeg === 270;
    const [w, h] = sideways ? [info.heightPx, info.widthPx] : [info.widthPx, info.heightPx];
    const even = (px: number): number => (container.codec === 'h264' ? px + (px % 2) : px);
    this.coded = { widthPx: even(w), heightPx: even(h) };
    const aspect = info.sampleAspect;
    this.sampleAspect =
      aspect && sideways ? { num: aspect.den, den: aspect.num } : info.sampleAspect;
  }

  /**
   * The picture to encode: `painted` itself, or a new frame that the caller frees. Side data
   * (captions, user data, GPS, timecodes) and coding hints of the source are gone from it.
   */
  async prepare(painted: Frame): Promise<Frame> {
    const frame = await this.#shaped(painted);
    for (let type = 0; type < SIDE_DATA_TYPES; type += 1) {
      frame.removeSideData(type as AVFrameSideDataType);
    }
    // Else the encoder repeats the source's choice of keyframes.
    frame.pictType = AV_PICTURE_TYPE_NONE;
    frame.clearFlags(AV_FRAME_FLAG_KEY);
    frame.format = AV_PIX_FMT_YUV420P;
    return frame;
  }

  close(): void {
    this.#converter?.close();
  }

  async #shaped(painted: Frame): Promise<Frame> {
    const { widthPx, heightPx } = this.#source;
    let frame = painted;
    const replace = (next: Frame): void => {
      if (frame !== painted) frame.free();
      frame = next;
    };
    if (frame.width !== widthPx || frame.height !== heightPx) replace(await this.#fitted(frame));
    if (this.#turnDeg !== 0) replace(turned(frame, this.#turnDeg));
    const { coded } = this;
    if (frame.width !== coded.widthPx || frame.height !== coded.heightPx) {
      const padded = newI420(frame, coded.widthPx, coded.heightPx);
      place(padded, frame);
      extendEdges(padded, frame.width, frame.height);
      replace(padded);
    }
    return frame;
  }

  /** Scaled into the source's first size with its shape kept, the rest black. */
  async #fitted(frame: Frame): Promise<Frame> {
    const { widthPx, heightPx } = this.#source;
    const scale = Math.min(widthPx / frame.width, heightPx / frame.height);
    const size = {
      widthPx: Math.max(1, Math.min(widthPx, Math.round(frame.width * scale))),
      heightPx: Math.max(1, Math.min(heightPx, Math.round(frame.height * scale))),
    };
    this.#converter ??= new PictureConverter(this.#threads);
    const scaled = await this.#converter.toI420(frame, size);
    if (!scaled) throw new Error("a picture of another size can't be scaled");
    const canvas = newI420(scaled, widthPx, heightPx);
    fillBlack(canvas, isFullRange(scaled));
    const centred = (all: number, part: number): number => Math.floor((all - part) / 4) * 2;
    place(canvas, scaled, centred(widthPx, size.widthPx), centred(heightPx, size.heightPx));
    scaled.free();
    return canvas;
  }
}
