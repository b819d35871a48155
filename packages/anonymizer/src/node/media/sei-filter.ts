import { AVERROR_EAGAIN } from 'node-av/constants';
import { BitStreamFilter, BitStreamFilterContext, FFmpegError } from 'node-av/lib';
import type { CodecContext, Packet, Stream } from 'node-av/lib';

/** NAL unit type of supplemental enhancement information (ITU-T H.264, table 7-1). */
const NAL_SEI = 6;

/**
 * Takes every SEI out of an H.264 stream. x264 writes its version and all its settings into one;
 * nothing that decoders need is in the others that it writes.
 */
export class SeiFilter {
  readonly #filter: BitStreamFilterContext;

  /** Made for packets of `encoder`; describes its output in `stream`. */
  constructor(encoder: CodecContext, stream: Stream) {
    const filter = BitStreamFilter.getByName('filter_units');
    if (!filter) throw new Error('the bitstream filter filter_units is not built in');
    this.#filter = new BitStreamFilterContext();
    FFmpegError.throwIfError(this.#filter.alloc(filter), 'filter_units');
    this.#filter.inputCodecParameters?.fromContext(encoder);
    this.#filter.inputTimeBase = encoder.timeBase;
    this.#filter.setOption('remove_types', String(NAL_SEI));
    FFmpegError.throwIfError(this.#filter.init(), 'filter_units');
    this.#filter.outputCodecParameters?.copy(stream.codecpar);
  }

  /** Filters a packet in place. False where nothing is left of it. */
  apply(packet: Packet): boolean {
    FFmpegError.throwIfError(this.#filter.sendPacketSync(packet), 'filter_units');
    const code = this.#filter.receivePacketSync(packet);
    if (code === AVERROR_EAGAIN) return false;
    FFmpegError.throwIfError(code, 'filter_units');
    return true;
  }

  close(): void {
    this.#filter.free();
  }
}
