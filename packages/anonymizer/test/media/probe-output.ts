import { readFile } from 'node:fs/promises';
import { AV_PKT_DATA_DISPLAYMATRIX } from 'node-av/constants';
import { FormatContext, avGetCodecName } from 'node-av/lib';

export interface Probed {
  readonly tags: Record<string, string>;
  readonly streams: readonly {
    readonly codec: string | null;
    readonly codecType: number;
    readonly tags: Record<string, string>;
    readonly hasDisplayMatrix: boolean;
  }[];
  /** The whole file, one character a byte. */
  readonly bytes: string;
}

/** Looks into a file with FFmpeg's own eyes, not ours. */
export async function probeOutput(path: string): Promise<Probed> {
  const context = new FormatContext();
  const opened = await context.openInput(`file:${path}`);
  if (opened < 0) throw new Error(`${path} can't be opened: ${opened}`);
  await context.findStreamInfo();
  const tags = context.metadata?.getAll() ?? {};
  const streams = context.streams.map((stream) => ({
    codec: avGetCodecName(stream.codecpar.codecId),
    codecType: stream.codecpar.codecType,
    tags: stream.metadata?.getAll() ?? {},
    hasDisplayMatrix: stream.codecpar.getCodedSideData(AV_PKT_DATA_DISPLAYMATRIX) !== null,
  }));
  await context.closeInput();
  return { tags, streams, bytes: (await readFile(path)).toString('latin1') };
}
