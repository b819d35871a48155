import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { I420Planes } from '@drape/anonymizer/core';
import { i420ToRgba, RGBA_COLOUR, rgbaToI420 } from '../../src/browser/frames/convert-rgba.ts';
import { layoutOf, PlanePool, PoolError } from '../../src/browser/frames/plane-pool.ts';
import { splitNv12 } from '../../src/browser/frames/split-nv12.ts';

const size = fc.record({
  widthPx: fc.integer({ min: 1, max: 70 }),
  heightPx: fc.integer({ min: 1, max: 40 }),
});

function takePlanes(of: { widthPx: number; heightPx: number }): I420Planes {
  return new PlanePool(1).take(of, RGBA_COLOUR).write();
}

describe('layoutOf()', () => {
  it('keeps planes apart, in whole words, and inside the buffer', () => {
    fc.assert(
      fc.property(size, (of) => {
        const { sizeBytes, planes } = layoutOf(of);
        const rows = [of.heightPx, (of.heightPx + 1) >> 1, (of.heightPx + 1) >> 1];
        const widths = [of.widthPx, (of.widthPx + 1) >> 1, (of.widthPx + 1) >> 1];
        let end = 0;
        planes.forEach(({ offset, stride }, plane) => {
          expect(offset).toBeGreaterThanOrEqual(end);
          expect([offset % 4, stride % 4]).toEqual([0, 0]);
          expect(stride).toBeGreaterThanOrEqual(widths[plane] ?? 0);
          end = offset + stride * (rows[plane] ?? 0);
        });
        expect(sizeBytes).toBeGreaterThanOrEqual(end);
      }),
    );
  });
});

describe('splitNv12()', () => {
  it('puts every sample into its plane, whatever the strides', () => {
    fc.assert(
      fc.property(size, fc.nat(9), (of, padding) => {
        const columns = (of.widthPx + 1) >> 1;
        const rows = (of.heightPx + 1) >> 1;
        const luma = { offset: 3, stride: of.widthPx + padding };
        const chroma = {
          offset: 3 + luma.stride * of.heightPx,
          stride: 2 * columns + padding,
        };
        const bytes = new Uint8Array(chroma.offset + chroma.stride * rows).fill(255);
        for (let y = 0; y < of.heightPx; y++) {
          for (let x = 0; x < of.widthPx; x++)
            bytes[luma.offset + y * luma.stride + x] = (x + y) % 200;
        }
        for (let y = 0; y < rows; y++) {
          for (let x = 0; x < columns; x++) {
            bytes[chroma.offset + y * chroma.stride + 2 * x] = (x * 3 + y) % 200;
            bytes[chroma.offset + y * chroma.stride + 2 * x + 1] = (x + y * 5) % 200;
          }
        }
        const planes = takePlanes(of);
        splitNv12({ bytes, luma, chroma }, planes);
        for (let y = 0; y < of.heightPx; y++) {
          const row = planes.y.subarray(y * planes.strideY, y * planes.strideY + of.widthPx);
          expect([...row]).toEqual(Array.from({ length: of.widthPx }, (_, x) => (x + y) % 200));
        }
        for (let y = 0; y < rows; y++) {
          const u = planes.u.subarray(y * planes.strideU, y * planes.strideU + columns);
          const v = planes.v.subarray(y * planes.strideV, y * planes.strideV + columns);
          expect([...u]).toEqual(Array.from({ length: columns }, (_, x) => (x * 3 + y) % 200));
          expect([...v]).toEqual(Array.from({ length: columns }, (_, x) => (x + y * 5) % 200));
        }
      }),
      { numRuns: 40 },
    );
  });
});

describe('rgbaToI420()', () => {
  it.each([
    ['white', [255, 255, 255], [235, 128, 128]],
    ['black', [0, 0, 0], [16, 128, 128]],
    ['red', [255, 0, 0], [63, 102, 240]],
    ['green', [0, 255, 0], [173, 42, 26]],
    ['blue', [0, 0, 255], [32, 240, 118]],
  ] as const)('codes %s as ITU-R BT.709 does', (_, [r, g, b], yuv) => {
    const planes = takePlanes({ widthPx: 3, heightPx: 3 });
    rgbaToI420(
      Uint8Array.from({ length: 36 }, (__, at) => [r, g, b, 0][at % 4] ?? 0),
      planes,
    );
    expect([planes.y[0], planes.u[0], planes.v[0]]).toEqual(yuv);
    const last = 2 * planes.strideY + 2;
    expect([planes.y[last], planes.u[planes.strideU + 1], planes.v[planes.strideV + 1]]).toEqual(
      yuv,
    );
  });

  it('comes back from i420ToRgba() within 3 of what it was', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 255 }), { minLength: 3, maxLength: 3 }),
        (rgb) => {
          const planes = takePlanes({ widthPx: 2, heightPx: 2 });
          const rgba = Uint8Array.from({ length: 16 }, (_, at) => [...rgb, 255][at % 4] ?? 0);
          rgbaToI420(rgba, planes);
          const back = new Uint8ClampedArray(16);
          i420ToRgba(planes, back);
          back.forEach((value, at) => {
            expect(Math.abs(value - (rgba[at] ?? 0))).toBeLessThanOrEqual(3);
          });
        },
      ),
    );
  });
});

describe('PlanePool', () => {
  const of = { widthPx: 32, heightPx: 18 };

  it('uses memory again, and never hands out more than it may', () => {
    const pool = new PlanePool(2);
    const first = pool.take(of, RGBA_COLOUR);
    const second = pool.take(of, RGBA_COLOUR);
    expect(() => pool.take(of, RGBA_COLOUR)).toThrow(PoolError);
    const { buffer } = first.bytes;
    first.close();
    expect(pool.take(of, RGBA_COLOUR).bytes.buffer).toBe(buffer);
    second.close();
    expect(pool.inUse).toBe(1);
  });

  it('gives no view of memory that was given back, and takes it back once', () => {
    const pool = new PlanePool(2);
    const frame = pool.take(of, RGBA_COLOUR);
    frame.close();
    frame.close();
    expect(pool.inUse).toBe(0);
    expect(() => frame.read()).toThrow('closed');
  });

  it('takes another size in the middle of a stream', () => {
    const pool = new PlanePool(2);
    pool.take(of, RGBA_COLOUR).close();
    const larger = pool.take({ widthPx: 64, heightPx: 36 }, RGBA_COLOUR);
    expect(larger.read().y.length).toBe(64 * 36);
    larger.close();
    expect(pool.take(of, RGBA_COLOUR).read().y.length).toBe(32 * 18);
  });
});
