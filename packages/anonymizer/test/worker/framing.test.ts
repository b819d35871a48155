import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encodeHead, FramingError } from '../../src/node/worker/framing.ts';
import { PacketParser } from '../../src/node/worker/packet-parser.ts';
import { MessageError, parseMessage } from '../../src/node/worker/parse-message.ts';
import { vectors } from './vectors.ts';

function parseAll(bytes: Buffer): { header: unknown; payload: Uint8Array }[] {
  return [...new PacketParser().push(bytes)];
}

/** What went wrong, as the vectors name it. */
function failureOf(bytes: Buffer): string {
  try {
    for (const { header } of parseAll(bytes)) parseMessage(header);
  } catch (error) {
    if (error instanceof FramingError) return error.reason;
    if (error instanceof MessageError) return 'message';
    throw error;
  }
  return 'none';
}

describe('golden vectors', () => {
  it.each(vectors.good)('$name is encoded and decoded', ({ message, payloadHex, hex }) => {
    const payload = Buffer.from(payloadHex, 'hex');
    const bytes = Buffer.concat([encodeHead(message, payload.length), payload]);
    expect(bytes.toString('hex')).toBe(hex);
    const [packet, ...more] = parseAll(bytes);
    expect(more).toEqual([]);
    expect(parseMessage(packet?.header)).toEqual(message);
    expect(Buffer.from(packet?.payload ?? []).toString('hex')).toBe(payloadHex);
  });

  it.each(vectors.bad)('$name is refused', ({ hex, error }) => {
    expect(error.split(' or ')).toContain(failureOf(Buffer.from(hex, 'hex')));
  });
});

const json = fc.jsonValue({ maxDepth: 3 }).filter((value) => !hasFloat(value));

/** Whole doubles become integers on the wire, and -0 becomes 0: compare what survives. */
function hasFloat(value: unknown): boolean {
  return JSON.stringify(value).includes('e') || Object.is(value, -0);
}

describe('PacketParser', () => {
  it('gives the same packets however the stream is cut', () => {
    const packet = fc.record({ value: json, payload: fc.uint8Array({ maxLength: 300 }) });
    const cuts = fc.infiniteStream(fc.integer({ min: 1, max: 64 }));
    fc.assert(
      fc.property(fc.array(packet, { maxLength: 8 }), cuts, (packets, sizes) => {
        const bytes = Buffer.concat(
          packets.flatMap(({ value, payload }) => [
            encodeHead({ value }, payload.length),
            Buffer.from(payload),
          ]),
        );
        const parser = new PacketParser();
        const got: { header: unknown; payload: Uint8Array }[] = [];
        for (let at = 0; at < bytes.length;) {
          const end = at + (sizes.next() as IteratorYieldResult<number>).value;
          got.push(...parser.push(bytes.subarray(at, end)));
          at = end;
        }
        expect(parser.atBoundary).toBe(true);
        expect(got.map((p) => Buffer.from(p.payload))).toEqual(
          packets.map((p) => Buffer.from(p.payload)),
        );
        expect(JSON.stringify(got.map((p) => p.header))).toBe(
          JSON.stringify(packets.map((p) => ({ value: p.value }))),
        );
      }),
      { numRuns: 300 },
    );
  });

  it('throws nothing but FramingError and MessageError, whatever comes', () => {
    const garbage = fc.uint8Array({ maxLength: 200 });
    const good = fc.constantFrom(...vectors.good.map((v) => v.hex));
    const change = fc.record({ at: fc.nat(), to: fc.integer({ min: 0, max: 255 }) });
    fc.assert(
      fc.property(good, fc.array(change, { maxLength: 4 }), garbage, (hex, changes, tail) => {
        const bytes = Buffer.concat([Buffer.from(hex, 'hex'), tail]);
        for (const { at, to } of changes) bytes[at % bytes.length] = to;
        // failureOf throws what is neither.
        expect(failureOf(bytes)).toMatch(/^[a-z-]+$/);
      }),
      { numRuns: 2000 },
    );
  });

  it('survives a header of any msgpack that fits its checksum', () => {
    const anyHeader = fc.oneof(fc.anything({ maxDepth: 3, withBigInt: false }), json);
    fc.assert(
      fc.property(fc.constantFrom(...vectors.good), fc.string(), anyHeader, (good, key, value) => {
        const changed = { ...good.message, [key === '__proto__' ? 't' : key]: value };
        let head: Buffer;
        try {
          head = encodeHead(changed);
        } catch {
          return;
        }
        expect(failureOf(head)).toMatch(/^(none|message|bad-header)$/);
      }),
      { numRuns: 1000 },
    );
  });

  it('finds garbage at its first byte', () => {
    expect(() => parseAll(Buffer.from('L'))).toThrow(FramingError);
  });
});
