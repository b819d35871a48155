import { readFileSync } from 'node:fs';
import { prepareZXingModule, writeBarcode } from 'zxing-wasm/writer';

/** A QR code's picture. @returns SVG text of a square, quiet zone included */
export async function qrCode(text: string): Promise<string> {
  const wasm = readFileSync(new URL(import.meta.resolve('zxing-wasm/writer/zxing_writer.wasm')));
  // Without this it would fetch its WASM from a CDN.
  prepareZXingModule({ overrides: { wasmBinary: new Uint8Array(wasm).buffer } });
  const { svg, error } = await writeBarcode(text, { format: 'QRCode', scale: 5 });
  if (error !== '') throw new Error(`the sample's QR code could not be made: ${error}`);
  return svg;
}
