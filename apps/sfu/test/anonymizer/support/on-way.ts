/** Numbers from 0 to 1, the same in every run (Lehmer, MINSTD). */
export function random(seed: number): () => number {
  let state = seed;
  return () => (state = (state * 48_271) % 0x7fff_ffff) / 0x7fff_ffff;
}

/** Loses this share of datagrams. */
export function losing(share: number): (datagram: Uint8Array) => readonly Uint8Array[] {
  const next = random(7);
  return (datagram) => (next() < share ? [] : [datagram]);
}

/** Puts garbage between datagrams: noise, headers without a body, and payloads with flipped bytes. */
export function garbling(share: number): (datagram: Uint8Array) => readonly Uint8Array[] {
  const next = random(11);
  const noise = (sizeBytes: number): Uint8Array =>
    Uint8Array.from({ length: sizeBytes }, () => next() * 256);
  return (datagram) => {
    if (next() >= share) return [datagram];
    const kind = Math.floor(next() * 4);
    if (kind === 0) return [noise(1 + next() * 60), datagram];
    if (kind === 1) return [datagram.slice(0, 12), datagram];
    if (kind === 2) return [Uint8Array.of(0x80, 200, ...noise(30)), datagram];
    const broken = datagram.slice();
    for (let flips = 0; flips < 8; flips += 1) {
      const at = 12 + Math.floor(next() * (broken.byteLength - 12));
      broken[at] = next() * 256;
    }
    return [broken];
  };
}
