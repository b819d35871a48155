/** What a payload may take: mediasoup forwards packets of up to 1500 bytes with all headers. */
export const MAX_PAYLOAD_BYTES = 1180;

const NAL = { sei: 6, sps: 7, pps: 8, aud: 9, stapA: 24, fuA: 28 } as const;

/**
 * The RTP payloads of one Annex B picture, in order (RFC 6184 packetization mode 1): parameter
 * sets in one STAP-A, large NAL units in FU-A. SEI and delimiters are left out: they hold what an
 * encoder says of itself, and nothing that decoders need.
 */
export function packetizeH264(annexB: Uint8Array): Uint8Array[] {
  const payloads: Uint8Array[] = [];
  const parameterSets: Uint8Array[] = [];
  const flush = (): void => {
    if (parameterSets.length > 0) payloads.push(aggregate(parameterSets.splice(0)));
  };
  for (const nal of nalUnits(annexB)) {
    const type = (nal[0] ?? 0) & 0x1f;
    if (type === NAL.sei || type === NAL.aud) continue;
    if (type === NAL.sps || type === NAL.pps) {
      parameterSets.push(nal);
      continue;
    }
    flush();
    if (nal.byteLength <= MAX_PAYLOAD_BYTES) payloads.push(nal);
    else payloads.push(...fragments(nal));
  }
  flush();
  return payloads;
}

/** The NAL units between start codes. */
export function* nalUnits(annexB: Uint8Array): Generator<Uint8Array> {
  let start: number | undefined;
  let zeros = 0;
  for (let at = 0; at < annexB.byteLength; at += 1) {
    const byte = annexB[at] ?? 0;
    if (byte === 0) zeros += 1;
    else {
      if (byte === 1 && zeros >= 2) {
        if (start !== undefined) yield annexB.subarray(start, at - Math.min(zeros, 3));
        start = at + 1;
      }
      zeros = 0;
    }
  }
  if (start !== undefined && start < annexB.byteLength) yield annexB.subarray(start);
}

function aggregate(nals: readonly Uint8Array[]): Uint8Array {
  const [only] = nals;
  if (only && nals.length === 1) return only;
  const payload = new Uint8Array(nals.reduce((sum, nal) => sum + 2 + nal.byteLength, 1));
  payload[0] = header(nals[0], NAL.stapA);
  let at = 1;
  for (const nal of nals) {
    payload[at] = nal.byteLength >> 8;
    payload[at + 1] = nal.byteLength & 0xff;
    payload.set(nal, at + 2);
    at += 2 + nal.byteLength;
  }
  return payload;
}

function fragments(nal: Uint8Array): Uint8Array[] {
  const payloads: Uint8Array[] = [];
  const room = MAX_PAYLOAD_BYTES - 2;
  const type = (nal[0] ?? 0) & 0x1f;
  for (let from = 1; from < nal.byteLength; from += room) {
    const part = nal.subarray(from, from + room);
    const isEnd = from + room >= nal.byteLength;
    const payload = new Uint8Array(2 + part.byteLength);
    payload[0] = header(nal, NAL.fuA);
    payload[1] = (from === 1 ? 0x80 : 0) | (isEnd ? 0x40 : 0) | type;
    payload.set(part, 2);
    payloads.push(payload);
  }
  return payloads;
}

/** The importance (NRI) of a NAL unit with another type. */
function header(nal: Uint8Array | undefined, type: number): number {
  return ((nal?.[0] ?? 0) & 0x60) | type;
}
