import {
  RawFrame,
  type Box,
  type FrameBuffer,
  type FrameInfo,
  type I420Planes,
  type Size,
} from '../core/index.ts';

/** Planes in plain memory that say whether they were closed. */
export class MemoryFrameBuffer implements FrameBuffer {
  readonly #planes: I420Planes;
  #closed = false;

  constructor(planes: I420Planes) {
    this.#planes = planes;
  }

  get closed(): boolean {
    return this.#closed;
  }

  read(): I420Planes {
    return this.write();
  }

  write(): I420Planes {
    if (this.#closed) throw new Error('this MemoryFrameBuffer is closed');
    return this.#planes;
  }

  /** Scribbles over the pixels: who still reads them sees it. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    for (const plane of [this.#planes.y, this.#planes.u, this.#planes.v]) plane.fill(0xaa);
  }
}

/** 8-bit Y, U, V. */
export type Yuv = readonly [y: number, u: number, v: number];

export const GREY: Yuv = [128, 128, 128];
export const BLACK: Yuv = [16, 128, 128];
export const WHITE: Yuv = [235, 128, 128];
export const SKIN: Yuv = [160, 110, 150];

/** A picture of one colour, limited range BT.709; `padding` adds bytes to every row. */
export function blankPlanes(
  { widthPx, heightPx }: Size,
  { colour = GREY, padding = 0 }: { readonly colour?: Yuv; readonly padding?: number } = {},
): I420Planes {
  const strideY = widthPx + padding;
  const strideC = ((widthPx + 1) >> 1) + padding;
  const rowsC = (heightPx + 1) >> 1;
  return {
    widthPx,
    heightPx,
    y: new Uint8Array(strideY * heightPx).fill(colour[0]),
    u: new Uint8Array(strideC * rowsC).fill(colour[1]),
    v: new Uint8Array(strideC * rowsC).fill(colour[2]),
    strideY,
    strideU: strideC,
    strideV: strideC,
    fullRange: false,
    matrix: 'bt709',
  };
}

/** Colours every pixel; a chroma sample takes its colour at its top left pixel. */
export function paintPlanes(planes: I420Planes, colourAt: (x: number, y: number) => Yuv): void {
  for (let y = 0; y < planes.heightPx; y++) {
    for (let x = 0; x < planes.widthPx; x++) {
      const [luma, u, v] = colourAt(x, y);
      planes.y[y * planes.strideY + x] = luma;
      if (x % 2 === 1 || y % 2 === 1) continue;
      planes.u[(y / 2) * planes.strideU + x / 2] = u;
      planes.v[(y / 2) * planes.strideV + x / 2] = v;
    }
  }
}

/** Fills the pixels whose centre lies in the box. */
export function drawBox(planes: I420Planes, box: Box, colour: Yuv): void {
  drawShape(planes, box, () => colour);
}

/** Grey values that rise from left to right, chroma from top to bottom. */
export function drawGradient(planes: I420Planes): void {
  const { widthPx, heightPx } = planes;
  paintPlanes(planes, (x, y) => {
    const across = Math.round((x * 219) / Math.max(1, widthPx - 1));
    const down = Math.round((y * 224) / Math.max(1, heightPx - 1));
    return [16 + across, 16 + down, 240 - down];
  });
}

/** Noise that is the same for the same seed. */
export function drawNoise(planes: I420Planes, seed = 1): void {
  let state = seed >>> 0 || 1;
  const next = (): number => {
    // xorshift32 (Marsaglia, 2003).
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return state & 255;
  };
  for (const plane of [planes.y, planes.u, planes.v])
    plane.forEach((_, at) => (plane[at] = next()));
}

/** An ellipse with eyes and a mouth: enough of a face for those who only follow it. */
export function drawFace(planes: I420Planes, box: Box, colour: Yuv = SKIN): void {
  drawShape(planes, box, (x, y) => {
    if ((x - 0.5) ** 2 + (y - 0.5) ** 2 > 0.25) return undefined;
    const eye = Math.abs(y - 0.4) < 0.05 && Math.abs(Math.abs(x - 0.5) - 0.2) < 0.08;
    const mouth = Math.abs(y - 0.75) < 0.03 && Math.abs(x - 0.5) < 0.18;
    return eye || mouth ? [50, 128, 128] : colour;
  });
}

/** Upright strokes in groups, as wide and as far apart as letters of this height have them. */
export function drawTextPattern(planes: I420Planes, box: Box, colour: Yuv = WHITE): void {
  const stroke = Math.max(1, Math.round(box.h / 8));
  drawShape(planes, box, (x, y) => {
    const column = Math.floor((x * box.w) / stroke) % 6;
    const bar = y < 0.15 || y > 0.85 || Math.abs(y - 0.5) < 0.08;
    return column === 0 || column === 3 || (bar && column < 4) ? colour : undefined;
  });
}

/** Paints inside the box; x and y go from 0 to 1 across it. */
function drawShape(
  planes: I420Planes,
  box: Box,
  colourAt: (x: number, y: number) => Yuv | undefined,
): void {
  const endX = Math.min(planes.widthPx, Math.round(box.x + box.w));
  const endY = Math.min(planes.heightPx, Math.round(box.y + box.h));
  for (let y = Math.max(0, Math.round(box.y)); y < endY; y++) {
    for (let x = Math.max(0, Math.round(box.x)); x < endX; x++) {
      const colour = colourAt((x + 0.5 - box.x) / box.w, (y + 0.5 - box.y) / box.h);
      if (!colour) continue;
      planes.y[y * planes.strideY + x] = colour[0];
      planes.u[(y >> 1) * planes.strideU + (x >> 1)] = colour[1];
      planes.v[(y >> 1) * planes.strideV + (x >> 1)] = colour[2];
    }
  }
}

/** A frame around drawn planes; 25 frames per second unless `info` says otherwise. */
export function drawFrame(
  planes: I420Planes,
  info: Partial<FrameInfo> = {},
): RawFrame<MemoryFrameBuffer> {
  const index = info.index ?? 0;
  const whole: FrameInfo = {
    index,
    ptsUs: index * 40_000,
    rotationDeg: 0,
    intact: true,
    ...info,
    widthPx: planes.widthPx,
    heightPx: planes.heightPx,
  };
  return new RawFrame(whole, new MemoryFrameBuffer(planes));
}
