import { AV_PIX_FMT_YUV420P, FF_ENCODER_LIBX264 } from 'node-av/constants';
import {
  Codec,
  CodecContext,
  FFmpegError,
  FormatContext,
  Frame,
  Packet,
  Rational,
} from 'node-av/lib';

const check = (code: number, what: string): void => {
  FFmpegError.throwIfError(code, what);
};

export interface DrawnClip {
  readonly widthPx: number;
  readonly heightPx: number;
  readonly frames: number;
  readonly framesPerSecond: number;
  /** Luma of a pixel of a frame; 8-bit. */
  lumaOf(frame: number, x: number, y: number): number;
}

/** Encodes a drawn clip, grey, with x264 in MP4. */
export async function makeClip(path: string, clip: DrawnClip): Promise<void> {
  const output = new FormatContext();
  check(output.allocOutputContext2(null, 'mp4', `file:${path}`), 'muxer');
  const codec = Codec.findEncoderByName(FF_ENCODER_LIBX264);
  const encoder = new CodecContext();
  encoder.allocContext3(codec);
  encoder.width = clip.widthPx;
  encoder.height = clip.heightPx;
  encoder.pixelFormat = AV_PIX_FMT_YUV420P;
  encoder.timeBase = new Rational(1, clip.framesPerSecond);
  encoder.framerate = new Rational(clip.framesPerSecond, 1);
  encoder.setOption('qp', '10');
  check(await encoder.open2(codec, null), 'x264');
  const stream = output.newStream(null);
  stream.timeBase = encoder.timeBase;
  stream.avgFrameRate = encoder.framerate;
  stream.codecpar.fromContext(encoder);
  check(await output.openOutput(), 'open');
  check(await output.writeHeader(null), 'header');
  using packet = new Packet();
  packet.alloc();
  const drain = async (): Promise<void> => {
    while ((await encoder.receivePacket(packet)) >= 0) {
      packet.streamIndex = stream.index;
      packet.rescaleTs(encoder.timeBase, stream.timeBase);
      check(await output.interleavedWriteFrame(packet), 'write');
    }
  };
  for (let at = 0; at < clip.frames; at++) {
    using frame = draw(clip, at);
    check(await encoder.sendFrame(frame), 'encode');
    await drain();
  }
  await encoder.sendFrame(null);
  await drain();
  check(await output.writeTrailer(), 'trailer');
  encoder.freeContext();
  await output.closeOutput();
  output.freeContext();
}

function draw(clip: DrawnClip, at: number): Frame {
  const frame = new Frame();
  frame.alloc();
  frame.width = clip.widthPx;
  frame.height = clip.heightPx;
  frame.format = AV_PIX_FMT_YUV420P;
  check(frame.getBuffer(0), 'frame');
  const [luma, u, v] = frame.data ?? [];
  const stride = frame.linesize[0] ?? 0;
  for (let y = 0; y < clip.heightPx; y++) {
    for (let x = 0; x < clip.widthPx; x++) {
      if (luma) luma[y * stride + x] = clip.lumaOf(at, x, y);
    }
  }
  u?.fill(128);
  v?.fill(128);
  frame.pts = BigInt(at);
  return frame;
}
