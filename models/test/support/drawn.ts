const SKIN = [222, 172, 146] as const;

/**
 * A drawn picture, planar RGB: a shaded background with faces of several sizes (skin, hair, brows, eyes, nose, mouth).
 * CenterFace takes them for faces, and no real person is shown.
 */
export function drawnFaces(widthPx: number, heightPx: number): Uint8Array {
  const area = widthPx * heightPx;
  const faces = [
    { x: widthPx * 0.25, y: heightPx * 0.5, radius: heightPx * 0.2 },
    { x: widthPx * 0.6, y: heightPx * 0.45, radius: heightPx * 0.12 },
    { x: widthPx * 0.85, y: heightPx * 0.6, radius: heightPx * 0.08 },
  ];
  const pixels = new Uint8Array(3 * area);
  for (let i = 0; i < 3 * area; i++) {
    const x = (i % area) % widthPx;
    const y = Math.floor((i % area) / widthPx);
    const channel = Math.floor(i / area);
    let value = 70 + (90 * y) / heightPx + 20 * channel + 10 * Math.sin(x / 17);
    for (const face of faces) {
      value = faceValue((x - face.x) / face.radius, (y - face.y) / face.radius, channel) ?? value;
    }
    pixels[i] = value;
  }
  return pixels;
}

/** Brightness of a face at u, v in radii from its middle; undefined outside. */
function faceValue(u: number, v: number, channel: number): number | undefined {
  const side = Math.abs(u);
  const head = Math.hypot(u / 0.8, v / 1.1);
  if (head > 1.12 || (head > 1 && v > 0)) return undefined;
  if (head > 1 || v < -0.65 - 0.1 * Math.cos(u * 3)) return 45 + 8 * channel;
  if (Math.hypot((side - 0.33) / 0.06, (v + 0.15) / 0.06) < 1) return 25;
  if (Math.hypot((side - 0.33) / 0.15, (v + 0.15) / 0.08) < 1) return 235;
  if (Math.hypot((side - 0.33) / 0.2, (v + 0.33) / 0.04) < 1) return 60;
  if (Math.hypot(u / 0.3, (v - 0.55) / 0.09) < 1) return channel === 0 ? 165 : 75;
  if (Math.hypot((side - 0.07) / 0.05, (v - 0.28) / 0.03) < 1) return 90;
  // Light from the left and above; the nose throws a little shade.
  const nose = side < 0.1 && v > -0.1 && v < 0.25 ? 12 : 0;
  return (SKIN[channel] ?? 0) * (1 - 0.18 * u - 0.1 * v * v) - nose;
}
