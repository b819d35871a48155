import { AV_CODEC_FLAG_BITEXACT, AV_CODEC_FLAG_GLOBAL_HEADER } from 'node-av/constants';
import {
  Codec,
  CodecContext,
  FilterGraph,
  Frame,
  Packet,
  Rational,
  avChannelLayoutDefault,
  avChannelLayoutDescribe,
  avGetSampleFmtName,
} from 'node-av/lib';
import type { ChannelLayout, FilterContext, Stream } from 'node-av/lib';
import { encodingFor } from './audio-codecs.ts';
import type { AudioEncoding } from './audio-codecs.ts';
import type { OutputContainer } from './containers.ts';
import type { TimeBase } from './ticks.ts';

const BITS_PER_SECOND_PER_CHANNEL = 80_000n;

interface Graph {
  readonly graph: FilterGraph;
  readonly source: FilterContext;
  readonly sink: FilterContext;
  /** What it was made for; sound that changes gets a new one. */
  readonly key: string;
}

/** Decodes one audio stream and encodes it as the container wants it, mono or stereo. */
export class AudioTranscoder {
  readonly encoder: CodecContext;
  /** The clock of the packets that it gives. */
  readonly timeBase: TimeBase;
  readonly #decoder: CodecContext;
  readonly #inputClock: TimeBase;
  readonly #encoding: AudioEncoding;
  readonly #frame = new Frame();
  readonly #packet = new Packet();
  #graph: Graph | undefined;

  private constructor(
    codecs: { readonly decoder: CodecContext; readonly encoder: CodecContext },
    encoding: AudioEncoding,
    inputClock: TimeBase,
  ) {
    this.encoder = codecs.encoder;
    this.#decoder = codecs.decoder;
    this.#encoding = encoding;
    this.#inputClock = inputClock;
    this.timeBase = { num: 1, den: codecs.encoder.sampleRate };
    this.#frame.alloc();
    this.#packet.alloc();
  }

  /** Undefined where there is no decoder for the stream. */
  static async open(
    stream: Stream,
    container: OutputContainer,
    globalHeader: boolean,
  ): Promise<AudioTranscoder | undefined> {
    const decoder = await openDecoder(stream);
    if (!decoder) return undefined;
    const encoding = encodingFor(container);
    const encoder = await openEncoder(stream, encoding, globalHeader);
    if (encoder) {
      const { num, den } = stream.timeBase;
      return new AudioTranscoder({ decoder, encoder }, encoding, { num, den });
    }
    decoder.freeContext();
    return undefined;
  }

  /** Feeds a packet, or the end with null. Every packet given is valid until the next. */
  async *feed(packet: Packet | null): AsyncGenerator<Packet> {
    // Sound that can't be decoded becomes a gap: a broken packet stops nothing.
    await this.#decoder.sendPacket(packet);
    while ((await this.#decoder.receiveFrame(this.#frame)) >= 0) {
      const graph = this.#graphFor(this.#frame);
      if (graph) {
        await graph.source.buffersrcAddFrame(this.#frame);
        yield* this.#drain(graph);
      }
      this.#frame.unref();
    }
    if (packet !== null) return;
    if (this.#graph) {
      await this.#graph.source.buffersrcAddFrame(null);
      yield* this.#drain(this.#graph);
    }
    yield* this.#encode(null);
  }

  close(): void {
    this.#graph?.graph.free();
    this.#decoder.freeContext();
    this.encoder.freeContext();
    this.#frame.free();
    this.#packet.free();
  }

  async *#drain(graph: Graph): AsyncGenerator<Packet> {
    const filtered = new Frame();
    filtered.alloc();
    try {
      while ((await graph.sink.buffersinkGetFrame(filtered)) >= 0) {
        yield* this.#encode(filtered);
        filtered.unref();
      }
    } finally {
      filtered.free();
    }
  }

  async *#encode(frame: Frame | null): AsyncGenerator<Packet> {
    await this.encoder.sendFrame(frame);
    while ((await this.encoder.receivePacket(this.#packet)) >= 0) yield this.#packet;
  }

  #graphFor(frame: Frame): Graph | undefined {
    const format = avGetSampleFmtName(frame.format as never) ?? 'unknown';
    const layout = layoutName(frame.channelLayout);
    const key = `${format} ${frame.sampleRate} ${layout}`;
    if (this.#graph?.key === key) return this.#graph;
    this.#graph?.graph.free();
    this.#graph = undefined;
    const { num, den } = this.#inputClock;
    const input = `abuffer=time_base=${num}/${den}:sample_rate=${frame.sampleRate}:sample_fmt=${format}:channel_layout=${layout}`;
    const output = [
      `aresample=${this.encoder.sampleRate}`,
      `aformat=sample_fmts=${this.#encoding.sampleFormatName}:channel_layouts=${layoutName(this.encoder.channelLayout)}`,
      `asetnsamples=n=${this.encoder.frameSize}:p=0`,
      'abuffersink',
    ];
    const graph = new FilterGraph();
    graph.alloc();
    const parsed = graph.parsePtr([input, ...output].join(','));
    const source = graph.filters?.find((filter) => filter.isSource());
    const sink = graph.filters?.find((filter) => filter.isSink());
    if (parsed < 0 || !source || !sink || graph.configSync() < 0) {
      graph.free();
      return undefined;
    }
    this.#graph = { graph, source, sink, key };
    return this.#graph;
  }
}

function layoutName(layout: ChannelLayout): string {
  const name = avChannelLayoutDescribe(layout) ?? '';
  if (/^[\w.()-]+$/.test(name)) return name;
  // The file gives a number of channels only: take the usual places of that many.
  return avChannelLayoutDescribe(avChannelLayoutDefault(layout.nbChannels)) ?? 'stereo';
}

async function openDecoder(stream: Stream): Promise<CodecContext | undefined> {
  const codec = Codec.findDecoder(stream.codecpar.codecId);
  if (!codec) return undefined;
  const context = new CodecContext();
  context.allocContext3(codec);
  context.parametersToContext(stream.codecpar);
  context.pktTimebase = stream.timeBase;
  if ((await context.open2(codec, null)) >= 0) return context;
  context.freeContext();
  return undefined;
}

async function openEncoder(
  stream: Stream,
  encoding: AudioEncoding,
  globalHeader: boolean,
): Promise<CodecContext | undefined> {
  const codec = Codec.findEncoderByName(encoding.encoder);
  if (!codec) return undefined;
  const channels = stream.codecpar.channelLayout.nbChannels === 1 ? 1 : 2;
  const wantedHz = stream.codecpar.sampleRate;
  const rateHz = encoding.sampleRatesHz.includes(wantedHz) ? wantedHz : encoding.sampleRatesHz[0];
  const context = new CodecContext();
  context.allocContext3(codec);
  context.sampleRate = rateHz ?? wantedHz;
  context.sampleFormat = encoding.sampleFormat;
  context.channelLayout = avChannelLayoutDefault(channels);
  context.bitRate = BITS_PER_SECOND_PER_CHANNEL * BigInt(channels);
  context.timeBase = new Rational(1, context.sampleRate);
  context.setFlags(AV_CODEC_FLAG_BITEXACT);
  if (globalHeader) context.setFlags(AV_CODEC_FLAG_GLOBAL_HEADER);
  if ((await context.open2(codec, null)) >= 0) return context;
  context.freeContext();
  return undefined;
}
