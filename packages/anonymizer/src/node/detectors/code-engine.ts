import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import {
  LINEAR_BARCODE_FORMATS,
  prepareZXingModule,
  readBarcodes,
  type ReaderOptions,
} from 'zxing-wasm/reader';
import { CODE_READER_OPTIONS, codeEngine, type Engine } from '../../core/index.ts';

/** QR, DataMatrix, Aztec, PDF417 and linear codes, read by ZXing-C++ in WebAssembly. */
export async function openCodeEngine(): Promise<Engine> {
  const bytes = await readFile(
    fileURLToPath(import.meta.resolve('zxing-wasm/reader/zxing_reader.wasm')),
  );
  // Given as bytes it is never fetched; the package's own default is a CDN.
  const wasmBinary = Uint8Array.from(bytes).buffer;
  await prepareZXingModule({ overrides: { wasmBinary }, fireImmediately: true });
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  const options: ReaderOptions = {
    ...CODE_READER_OPTIONS,
    formats: [...CODE_READER_OPTIONS.formats],
  };
  return codeEngine({
    stamp: { id: 'zxing-reader', sha256 },
    read: (image) => readBarcodes(image, options),
    linear: new Set<string>(LINEAR_BARCODE_FORMATS),
  });
}
