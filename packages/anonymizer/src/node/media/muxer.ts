import {
  AVERROR_EACCES,
  AVERROR_ENOENT,
  AVERROR_ENOSPC,
  AVFMT_FLAG_BITEXACT,
  AVFMT_GLOBALHEADER,
} from 'node-av/constants';
import { Dictionary, FFmpegError, FormatContext, Rational } from 'node-av/lib';
import type { Packet, Stream } from 'node-av/lib';
import type { OutputContainer } from './containers.ts';
import { captureFfmpegLog, clearFfmpegLines, recentFfmpegLines } from './ffmpeg-log.ts';
import { MediaError } from './media-error.ts';
import type { TimeBase } from './ticks.ts';

/** One output file. It writes no metadata, no dates and no version strings. */
export class Muxer {
  readonly path: string;
  readonly container: OutputContainer;
  readonly #context = new FormatContext();
  #open = false;

  private constructor(path: string, container: OutputContainer) {
    this.path = path;
    this.container = container;
  }

  /** Creates the file. Throws MediaError: unwritable, disk-full, failed. */
  static async create(path: string, container: OutputContainer): Promise<Muxer> {
    captureFfmpegLog();
    clearFfmpegLines();
    const muxer = new Muxer(path, container);
    const context = muxer.#context;
    const allocated = context.allocOutputContext2(null, container.muxer, `file:${path}`);
    if (allocated < 0) throw await writeError(path, allocated);
    context.setFlags(AVFMT_FLAG_BITEXACT);
    const opened = await context.openOutput();
    if (opened < 0) {
      context.freeContext();
      throw await writeError(path, opened);
    }
    muxer.#open = true;
    return muxer;
  }

  /** True where codec headers belong into the container instead of the stream. */
  get wantsGlobalHeader(): boolean {
    return this.#context.oformat?.hasFlags(AVFMT_GLOBALHEADER) ?? false;
  }

  /** Adds a stream; set its parameters before `writeHeader`. */
  addStream(timeBase: TimeBase): Stream {
    const stream = this.#context.newStream(null);
    stream.timeBase = new Rational(timeBase.num, timeBase.den);
    return stream;
  }

  async writeHeader(options: Readonly<Record<string, string>>): Promise<void> {
    const dictionary = Dictionary.fromObject({ ...this.container.options, ...options });
    const code = await this.#context.writeHeader(dictionary);
    dictionary.free();
    if (code < 0) throw await writeError(this.path, code);
  }

  /** Writes a packet whose times are in `timeBase`. Takes its content over. */
  async write(packet: Packet, stream: Stream, timeBase: TimeBase): Promise<void> {
    packet.streamIndex = stream.index;
    packet.rescaleTs(timeBase, stream.timeBase);
    const code = await this.#context.interleavedWriteFrame(packet);
    if (code < 0) throw await writeError(this.path, code);
  }

  async writeTrailer(): Promise<void> {
    const code = await this.#context.writeTrailer();
    if (code < 0) throw await writeError(this.path, code);
  }

  /** Closes the file, whatever state it is in. Idempotent. */
  async close(): Promise<void> {
    if (!this.#open) return;
    this.#open = false;
    await this.#context.closeOutput();
    this.#context.freeContext();
  }
}

async function writeError(path: string, code: number): Promise<MediaError> {
  const options = { detail: await recentFfmpegLines(), cause: FFmpegError.fromCode(code) };
  if (code === AVERROR_ENOSPC) {
    return new MediaError('disk-full', path, 'the disk is full; free some space', options);
  }
  if (code === AVERROR_ENOENT) {
    return new MediaError('unwritable', path, 'its folder does not exist; create it', options);
  }
  if (code === AVERROR_EACCES) {
    return new MediaError('unwritable', path, "can't be written; check permissions", options);
  }
  const text = options.cause?.message ?? String(code);
  return new MediaError('unwritable', path, `can't be written: ${text}`, options);
}
