import type { I420Planes } from '@drape/anonymizer/core';
import { AV_PIX_FMT_YUV420P } from 'node-av/constants';
import { FFmpegError, Frame } from 'node-av/lib';
import {
  paintToken,
  readToken,
  type Place,
} from '../../../../../packages/anonymizer/test/file/canary.ts';

/** Must never be read at a viewer; the canary detector calls it a face. */
export const SECRET: Place = { x: 32, y: 64 };
/** The number of the frame, for all to see: readable where a frame was not covered whole. */
export const NUMBER: Place = { x: 32, y: 256 };
export const SIZE = { widthPx: 640, heightPx: 360 };

/** A grey room with the frame's number in it, and the secret where `secret` is given. */
export function drawScene(
  number: number,
  options: { readonly secret: boolean; readonly size?: typeof SIZE },
): Frame {
  const { widthPx, heightPx } = options.size ?? SIZE;
  const frame = new Frame();
  frame.alloc();
  frame.width = widthPx;
  frame.height = heightPx;
  frame.format = AV_PIX_FMT_YUV420P;
  FFmpegError.throwIfError(frame.getBuffer(0), 'frame');
  const planes = planesOf(frame);
  for (let row = 0; row < heightPx; row += 1) {
    const start = row * planes.strideY;
    planes.y.fill(90 + (row % 40), start, start + widthPx);
  }
  planes.u.fill(118);
  planes.v.fill(138);
  paintToken(planes, number, NUMBER);
  if (options.secret) paintToken(planes, number, SECRET);
  return frame;
}

export function tokensOf(planes: I420Planes): { secret?: number; number?: number } {
  const secret = readToken(planes, SECRET);
  const number = readToken(planes, NUMBER);
  return {
    ...(secret === undefined ? {} : { secret }),
    ...(number === undefined ? {} : { number }),
  };
}

function planesOf(frame: Frame): I420Planes {
  const [y, u, v] = frame.data ?? [];
  const [strideY = 0, strideU = 0, strideV = 0] = frame.linesize;
  if (!y || !u || !v) throw new Error('no planes');
  const { width: widthPx, height: heightPx } = frame;
  const strides = { strideY, strideU, strideV };
  return { widthPx, heightPx, y, u, v, ...strides, fullRange: false, matrix: 'bt601' };
}
