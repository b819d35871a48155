import { LINEAR_BARCODE_FORMATS, prepareZXingModule, readBarcodes } from 'zxing-wasm/reader';
import { CODE_READER_OPTIONS, codeEngine, type Engine } from '../../core/index.ts';
import { loadPinned } from '../assets/load.ts';
import type { DetectorStart } from './start.ts';

/** QR, DataMatrix, Aztec, PDF417 and linear codes, read by ZXing-C++ in WebAssembly. */
export async function openCodeEngine({ assetsUrl, index }: DetectorStart): Promise<Engine> {
  const { reader } = index.code;
  const bytes = await loadPinned(assetsUrl, reader);
  // Given as bytes it is never fetched; the package's own default is a CDN.
  await prepareZXingModule({ overrides: { wasmBinary: bytes.buffer }, fireImmediately: true });
  const options = { ...CODE_READER_OPTIONS, formats: [...CODE_READER_OPTIONS.formats] };
  return codeEngine({
    stamp: { id: reader.id, sha256: reader.sha256 },
    read: (image) => readBarcodes(image, options),
    linear: new Set<string>(LINEAR_BARCODE_FORMATS),
  });
}
