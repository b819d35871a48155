import {
  AVDISCARD_ALL,
  AVERROR_EAGAIN,
  AVERROR_EOF,
  AV_FRAME_FLAG_CORRUPT,
  AV_FRAME_FLAG_KEY,
  AV_PICTURE_TYPE_I,
  AV_PKT_FLAG_CORRUPT,
} from 'node-av/constants';
import { Frame, Packet } from 'node-av/lib';
import type { CodecContext, FormatContext, Stream } from 'node-av/lib';
import { DamageTracker } from './damage.ts';
import type { OpenedDecoder } from './decoder.ts';
import { isPause } from './decoder.ts';
import { demuxDamageLines } from './ffmpeg-log.ts';
import { StepWatch } from './step-watch.ts';

/** Errors in a row after which the rest of a file, or of what a decoder holds, is given up. */
const MAX_ERRORS = 64;

export interface Picture {
  /** As decoded: any pixel format. Whoever takes it frees it. */
  readonly frame: Frame;
  readonly intact: boolean;
}

/** Reads one video stream and decodes it, in presentation order. */
export class PictureReader {
  readonly #context: FormatContext;
  readonly #stream: Stream;
  readonly #decoder: CodecContext;
  readonly #tracker: DamageTracker<Frame>;
  readonly #packet = new Packet();
  readonly #steps: StepWatch;
  #damageLines = 0;
  /** Packets of the video stream read so far. */
  packets = 0;
  /** Packets that the decoder refused: their pictures are missing. */
  refused = 0;
  /** Pictures that never came out of a container that can lose packets. */
  skipped = 0;
  /** The container could not be read to its end. */
  readFailed = false;

  constructor(context: FormatContext, stream: Stream, decoder: OpenedDecoder) {
    this.#context = context;
    this.#stream = stream;
    this.#decoder = decoder.context;
    this.#tracker = new DamageTracker(decoder.reorders);
    this.#packet.alloc();
    this.#steps = new StepWatch(context.iformat?.name === 'mpegts');
    for (const other of context.streams) {
      if (other.index !== stream.index) other.discard = AVDISCARD_ALL;
    }
  }

  /** Decodes until the end of the file. Frames not taken from it are freed by `close`. */
  async *pictures(): AsyncGenerator<Picture> {
    this.#damageLines = await demuxDamageLines();
    while (await this.#readPacket()) {
      this.packets += 1;
      this.#tracker.sent(this.#packet.pts, this.#packet.isKeyframe);
      if (await this.#isSuspect(this.#packet)) this.#tracker.lost();
      yield* this.#decode(this.#packet);
      this.#packet.unref();
    }
    yield* this.#decode(null);
    yield* this.#release(true);
  }

  /** Frees packet, decoder and waiting frames; call it once `pictures` is no longer running. */
  close(): void {
    for (const { item } of this.#tracker.ready(true)) item.free();
    this.#packet.free();
    this.#decoder.freeContext();
  }

  /** Reads on to the next packet of the stream. False at the end. */
  async #readPacket(): Promise<boolean> {
    let errors = 0;
    for (;;) {
      const code = await this.#context.readFrame(this.#packet);
      if (code >= 0) {
        if (this.#packet.streamIndex === this.#stream.index) return true;
        this.#packet.unref();
      } else if (code === AVERROR_EOF) {
        return false;
      } else if (code !== AVERROR_EAGAIN) {
        this.#tracker.lost();
        errors += 1;
        if (errors >= MAX_ERRORS) {
          this.readFailed = true;
          return false;
        }
      }
    }
  }

  /** True where the container lost or damaged something up to this packet. */
  async #isSuspect(packet: Packet): Promise<boolean> {
    const skipped = this.#steps.next(packet.dts);
    this.skipped += skipped;
    const lines = await demuxDamageLines();
    const isNew = lines !== this.#damageLines;
    this.#damageLines = lines;
    return isNew || skipped > 0 || packet.hasFlags(AV_PKT_FLAG_CORRUPT);
  }

  /** Sends a packet, or the end with null, and yields what comes out. */
  async *#decode(packet: Packet | null): AsyncGenerator<Picture> {
    for (;;) {
      const sent = await this.#decoder.sendPacket(packet);
      if (sent < 0 && !isPause(sent)) this.#refuse();
      yield* this.#receive();
      // EAGAIN: the decoder was full and took nothing; now there is room.
      if (sent !== AVERROR_EAGAIN) return;
    }
  }

  async *#receive(): AsyncGenerator<Picture> {
    for (let errors = 0; errors < MAX_ERRORS;) {
      const frame = new Frame();
      frame.alloc();
      const code = await this.#decoder.receiveFrame(frame);
      if (code < 0) {
        frame.free();
        if (isPause(code)) return;
        this.#refuse();
        errors += 1;
        continue;
      }
      errors = 0;
      this.#tracker.arrived(frame, {
        pts: frame.pts,
        damaged: frame.decodeErrorFlags !== 0 || frame.hasFlags(AV_FRAME_FLAG_CORRUPT),
        // H.264 also flags P pictures that begin a gradual refresh as key: no clean start.
        cleanStart: frame.hasFlags(AV_FRAME_FLAG_KEY) && frame.pictType === AV_PICTURE_TYPE_I,
      });
      yield* this.#release(false);
    }
  }

  #refuse(): void {
    this.refused += 1;
    this.#tracker.lost();
  }

  *#release(flush: boolean): Generator<Picture> {
    for (const { item, intact } of this.#tracker.ready(flush)) yield { frame: item, intact };
  }
}
