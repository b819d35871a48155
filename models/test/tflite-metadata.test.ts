import { ByteBuffer } from 'flatbuffers';
import { describe, expect, it } from 'vitest';
import { addTfliteMetadata } from '../src/convert/tflite-metadata.ts';
import { convert } from '../src/convert/run.ts';
import { fetchSource } from '../src/fetch.ts';
import { findModel, loadManifest } from '../src/manifest.ts';
import { CACHE_DIR } from '../src/store.ts';

const NORMALIZATION = { mean: 127.5, std: 127.5 };
const noRanges = (): never => {
  throw new Error('no ranges are needed');
};

/** Field of table Model in tensorflow/lite/schema/schema.fbs. */
const FIELD = { subgraphs: 2, buffers: 4, metadata: 6 } as const;

function source(id: string): Promise<Buffer> {
  return fetchSource(findModel(loadManifest(), id).source, { cacheDir: CACHE_DIR });
}

/** Positions of the tables in a vector of the root table. */
function tables(file: Uint8Array, field: number): { bytes: ByteBuffer; at: number[] } {
  const bytes = new ByteBuffer(file);
  const root = bytes.readInt32(0);
  const offset = bytes.__offset(root, 4 + 2 * field);
  if (offset === 0) return { bytes, at: [] };
  const vector = bytes.__vector(root + offset);
  const length = bytes.__vector_len(root + offset);
  return { bytes, at: Array.from({ length }, (_, i) => bytes.__indirect(vector + 4 * i)) };
}

/** A buffer's content, by the number that metadata names it with. */
function bufferOf(file: Uint8Array, index: number): Uint8Array {
  const { bytes, at } = tables(file, FIELD.buffers);
  const table = at[index] ?? 0;
  const offset = bytes.__offset(table, 4);
  if (offset === 0) return new Uint8Array(0);
  const start = bytes.__vector(table + offset);
  return file.subarray(start, start + bytes.__vector_len(table + offset));
}

describe('addTfliteMetadata()', () => {
  it.each(['face-blaze-full', 'face-blaze-short'])(
    'adds one buffer with metadata to %s and leaves the others as they are',
    async (id) => {
      const before = await source(id);
      const after = addTfliteMetadata(before, NORMALIZATION);
      expect(new ByteBuffer(after).__has_identifier('TFL3')).toBe(true);
      const count = tables(before, FIELD.buffers).at.length;
      expect(tables(after, FIELD.buffers).at.length).toBe(count + 1);
      for (let index = 0; index < count; index++) {
        expect(Buffer.compare(bufferOf(after, index), bufferOf(before, index))).toBe(0);
      }
      const { bytes, at } = tables(after, FIELD.metadata);
      const entry = at.at(-1) ?? 0;
      expect(bytes.__string(entry + bytes.__offset(entry, 4))).toBe('TFLITE_METADATA');
      expect(bytes.readInt32(entry + bytes.__offset(entry, 6))).toBe(count);
      expect(new ByteBuffer(bufferOf(after, count).slice()).__has_identifier('M001')).toBe(true);
      expect(tables(after, FIELD.subgraphs).at.length).toBe(1);
    },
  );

  it('keeps tensors aligned as they were', async () => {
    const before = await source('face-blaze-full');
    const after = addTfliteMetadata(before, NORMALIZATION);
    expect(Buffer.from(after).indexOf(before.subarray(0, 4096)) % 64).toBe(0);
  });

  it('rejects what is no TensorFlow Lite model', () => {
    expect(() => addTfliteMetadata(new Uint8Array(100), NORMALIZATION)).toThrow(TypeError);
  });

  it('stands alone among the steps of a conversion', async () => {
    const step = { step: 'tflite-metadata', ...NORMALIZATION } as const;
    const bytes = await source('face-blaze-short');
    expect(() => convert({ model: bytes }, [step, step], noRanges)).toThrow('stands alone');
  });
});
