import {
  AVCOL_RANGE_JPEG,
  AVCOL_RANGE_MPEG,
  AVCOL_SPC_BT470BG,
  AVCOL_SPC_BT709,
  AV_PIX_FMT_YUV420P,
  AV_PIX_FMT_YUVJ420P,
} from 'node-av/constants';
import { Frame, SoftwareScaleContext, avGetPixFmtName } from 'node-av/lib';
import { colourMatrix } from './colour.ts';

/** True for pictures that need no conversion: three 8-bit planes, 4:2:0. */
export function isI420(frame: Frame): boolean {
  return frame.format === AV_PIX_FMT_YUV420P || frame.format === AV_PIX_FMT_YUVJ420P;
}

/** Brings 10-bit, 4:2:2, 4:4:4, gray and RGB pictures to 8-bit 4:2:0 and scales pictures. */
export class PictureConverter {
  readonly #scaler = new SoftwareScaleContext();

  constructor(threads: number) {
    this.#scaler.allocContext();
    this.#scaler.setOption('threads', String(threads));
    this.#scaler.setOption('sws_flags', 'bicubic');
  }

  /**
   * A new I420 frame with the properties of `source`, in its size or in `size`; the caller owns
   * both. Undefined where the conversion failed (out of memory, unknown format).
   */
  async toI420(
    source: Frame,
    size: { readonly widthPx: number; readonly heightPx: number } = {
      widthPx: source.width,
      heightPx: source.height,
    },
  ): Promise<Frame | undefined> {
    const name = avGetPixFmtName(source.format as never) ?? '';
    const target = new Frame();
    target.alloc();
    target.copyProps(source);
    target.width = size.widthPx;
    target.height = size.heightPx;
    target.format = AV_PIX_FMT_YUV420P;
    if (name.startsWith('yuvj')) target.colorRange = AVCOL_RANGE_JPEG;
    if (/rgb|bgr|gbr|pal8|mono/.test(name)) {
      target.colorRange = AVCOL_RANGE_MPEG;
      target.colorSpace = colourMatrix(target) === 'bt709' ? AVCOL_SPC_BT709 : AVCOL_SPC_BT470BG;
    }
    const range = target.colorRange;
    if (/^(gray|ya)/.test(name)) {
      // swscale takes every gray picture for full range, which a gray H.264 or HEVC one need not
      // be. With both sides called full range it leaves the values alone.
      source.colorRange = AVCOL_RANGE_JPEG;
      target.colorRange = AVCOL_RANGE_JPEG;
    }
    const failed = target.getBuffer(0) < 0 || (await this.#scaler.scaleFrame(target, source)) < 0;
    target.colorRange = range;
    if (failed) {
      target.free();
      return undefined;
    }
    return target;
  }

  close(): void {
    this.#scaler.freeContext();
  }
}
