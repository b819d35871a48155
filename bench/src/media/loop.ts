import { AVERROR_EOF, AVMEDIA_TYPE_VIDEO, AVSEEK_FLAG_BACKWARD } from 'node-av/constants';
import { FFmpegError, FormatContext, Packet } from 'node-av/lib';

const check = (code: number, what: string): void => {
  FFmpegError.throwIfError(code, what);
};

/** Repeats a clip's video packets, without decoding them, until it lasts `seconds`. */
export async function loopClip(
  inputPath: string,
  outputPath: string,
  seconds: number,
): Promise<void> {
  const input = new FormatContext();
  check(await input.openInput(inputPath), `open ${inputPath}`);
  check(await input.findStreamInfo(), `read ${inputPath}`);
  const index = input.findBestStream(AVMEDIA_TYPE_VIDEO);
  const stream = input.streams[index];
  if (!stream) throw new Error(`${inputPath} has no video`);
  const output = new FormatContext();
  check(output.allocOutputContext2(null, null, outputPath), 'allocate output');
  const out = output.newStream(null);
  check(stream.codecpar.copy(out.codecpar), 'copy parameters');
  // Tags belong to a container; the muxer finds its own.
  out.codecpar.codecTag = 0;
  out.timeBase = stream.timeBase;
  check(await output.openOutput(), `open ${outputPath}`);
  check(await output.writeHeader(null), 'write header');
  const { num, den } = stream.timeBase;
  const wanted = BigInt(Math.round((seconds * den) / num));
  const packet = new Packet();
  packet.alloc();
  let shift = 0n;
  while (shift < wanted) {
    let end = 0n;
    for (;;) {
      const got = await input.readFrame(packet);
      if (got === AVERROR_EOF) break;
      check(got, `read ${inputPath}`);
      if (packet.streamIndex === index) {
        const packetEnd = packet.pts + packet.duration;
        if (packetEnd > end) end = packetEnd;
        packet.pts += shift;
        packet.dts += shift;
        packet.streamIndex = out.index;
        packet.rescaleTs(stream.timeBase, out.timeBase);
        check(await output.interleavedWriteFrame(packet), 'write');
      }
      packet.unref();
    }
    shift += end;
    check(await input.seekFrame(index, 0n, AVSEEK_FLAG_BACKWARD), 'rewind');
  }
  check(await output.writeTrailer(), 'write trailer');
  packet.free();
  await output.closeOutput();
  output.freeContext();
  await input.closeInput();
}
