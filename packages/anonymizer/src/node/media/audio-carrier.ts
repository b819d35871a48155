import {
  AVDISCARD_ALL,
  AVERROR_EAGAIN,
  AVMEDIA_TYPE_AUDIO,
  AV_NOPTS_VALUE,
  AV_PKT_DATA_SKIP_SAMPLES,
} from 'node-av/constants';
import { Packet } from 'node-av/lib';
import type { FormatContext, Stream } from 'node-av/lib';
import { isCopied } from './audio-codecs.ts';
import { AudioTranscoder } from './audio-transcoder.ts';
import type { Muxer } from './muxer.ts';
import { openInput } from './open-input.ts';
import { MICROSECONDS, rescale } from './ticks.ts';
import type { TimeBase } from './ticks.ts';
import { TimestampRepair } from './timestamps.ts';

interface Track {
  readonly input: Stream;
  readonly inputClock: TimeBase;
  readonly output: Stream;
  readonly times: TimestampRepair;
  readonly transcoder: AudioTranscoder | undefined;
}

/**
 * Carries the sound of the input file into the output, beside the video. It reads the file a
 * second time, so that the video path never waits for sound.
 */
export class AudioCarrier {
  readonly #input: FormatContext;
  readonly #muxer: Muxer;
  readonly #tracks = new Map<number, Track>();
  readonly #packet = new Packet();
  #waiting: { readonly track: Track; readonly us: number } | undefined;
  #ended = false;
  /** Audio streams that could not be decoded and are left out. */
  dropped = 0;

  private constructor(input: FormatContext, muxer: Muxer) {
    this.#input = input;
    this.#muxer = muxer;
    this.#packet.alloc();
  }

  /** Adds an output stream for every audio stream; call it before the header is written. */
  static async open(path: string, muxer: Muxer): Promise<AudioCarrier> {
    const carrier = new AudioCarrier(await openInput(path), muxer);
    try {
      for (const stream of carrier.#input.streams) await carrier.#addTrack(stream);
      return carrier;
    } catch (error) {
      await carrier.close();
      throw error;
    }
  }

  /**
   * Writes the sound up to `us` of the output's clock; `originUs` of the input's clock is 0 of
   * the output's. Without `us`, all that is left.
   */
  async writeUntil(us: number | undefined, originUs: number): Promise<void> {
    for (;;) {
      this.#waiting ??= await this.#next();
      const { track, us: at } = this.#waiting ?? {};
      if (!track || at === undefined) return;
      if (us !== undefined && at - originUs > us) return;
      this.#waiting = undefined;
      await this.#write(track, originUs);
      this.#packet.unref();
    }
  }

  /** Writes all that is left, and what encoders still hold. */
  async finish(originUs: number): Promise<void> {
    await this.writeUntil(undefined, originUs);
    for (const track of this.#tracks.values()) {
      if (track.transcoder) await this.#transcode(track, null);
    }
  }

  async close(): Promise<void> {
    this.#packet.free();
    for (const track of this.#tracks.values()) track.transcoder?.close();
    await this.#input.closeInput();
  }

  async #addTrack(stream: Stream): Promise<void> {
    const parameters = stream.codecpar;
    if (parameters.codecType !== AVMEDIA_TYPE_AUDIO) {
      stream.discard = AVDISCARD_ALL;
      return;
    }
    const { container } = this.#muxer;
    const inputClock = { num: stream.timeBase.num, den: stream.timeBase.den };
    let transcoder: AudioTranscoder | undefined;
    if (!isCopied(parameters.codecId, container)) {
      const globalHeader = this.#muxer.wantsGlobalHeader;
      transcoder = await AudioTranscoder.open(stream, container, globalHeader);
      if (!transcoder) {
        stream.discard = AVDISCARD_ALL;
        this.dropped += 1;
        return;
      }
    }
    const output = this.#muxer.addStream(transcoder?.timeBase ?? inputClock);
    if (transcoder) output.codecpar.fromContext(transcoder.encoder);
    else {
      parameters.copy(output.codecpar);
      // Tags are numbers of the input's container.
      output.codecpar.codecTag = 0;
    }
    const times = new TimestampRepair(inputClock, 1n);
    this.#tracks.set(stream.index, { input: stream, inputClock, output, times, transcoder });
  }

  /** Reads the next packet of any track into `#packet`. */
  async #next(): Promise<{ readonly track: Track; readonly us: number } | undefined> {
    while (!this.#ended) {
      const code = await this.#input.readFrame(this.#packet);
      if (code === AVERROR_EAGAIN) continue;
      if (code < 0) {
        // The video path reports a file that ends early.
        this.#ended = true;
        return undefined;
      }
      const track = this.#tracks.get(this.#packet.streamIndex);
      const time = this.#packet.pts === AV_NOPTS_VALUE ? this.#packet.dts : this.#packet.pts;
      if (track && this.#packet.size > 0) {
        const { pts, ptsUs } = track.times.next(time);
        this.#packet.pts = pts;
        this.#packet.dts = pts;
        return { track, us: ptsUs };
      }
      this.#packet.unref();
    }
    return undefined;
  }

  async #write(track: Track, originUs: number): Promise<void> {
    const packet = this.#packet;
    const origin = rescale(BigInt(originUs), MICROSECONDS, track.inputClock);
    packet.pts -= origin;
    packet.dts -= origin;
    if (track.transcoder) return this.#transcode(track, packet);
    if (this.#isTooEarly(packet)) return;
    stripSideData(packet);
    await this.#muxer.write(packet, track.output, track.inputClock);
  }

  async #transcode(track: Track, packet: Packet | null): Promise<void> {
    if (!track.transcoder) return;
    for await (const encoded of track.transcoder.feed(packet)) {
      if (this.#isTooEarly(encoded)) encoded.unref();
      else await this.#muxer.write(encoded, track.output, track.transcoder.timeBase);
    }
  }

  /**
   * Only mp4 and mov have a place for sound before 0 (a codec's run-up). Elsewhere the muxer
   * would move everything, the video included.
   */
  #isTooEarly(packet: Packet): boolean {
    const { muxer } = this.#muxer.container;
    return packet.pts < 0n && muxer !== 'mp4' && muxer !== 'mov';
  }
}

/** Titles and the like can travel with packets; only the codec's run-up is kept. */
function stripSideData(packet: Packet): void {
  const skip = packet.getSideData(AV_PKT_DATA_SKIP_SAMPLES);
  const kept = skip ? Buffer.from(skip) : undefined;
  packet.freeSideData();
  if (kept) packet.addSideData(AV_PKT_DATA_SKIP_SAMPLES, kept);
}
