import type { Box } from '@drape/anonymizer/core';

/** What must be covered in the drawn picture, and how much of each box. */
export interface DrawnTarget {
  readonly name: 'face' | 'text' | 'code';
  readonly box: Box;
  /** 0..1. The face's box holds its outline, which no detector reaches everywhere. */
  readonly leastCovered: number;
}

export interface Drawing {
  readonly svg: string;
  readonly targets: readonly DrawnTarget[];
  /** Must come out as it went in, but for what compression does. */
  readonly open: Box;
}

const WIDTH_PX = 1280;
const HEIGHT_PX = 720;

/**
 * The sample's own pieces. They lie outside of this workspace, and only the doctor wants them:
 * loaded when it does.
 */
interface SamplePieces {
  readonly face: string;
  readonly burnedIn: (line: { text: string; x: number; y: number; sizePx: number }) => string;
  readonly qrCode: (text: string) => Promise<string>;
}

/** Draws nobody's face, a made-up name and a code. */
export async function drawTestPicture(): Promise<Drawing> {
  const { face, burnedIn, qrCode } = await loadPieces();
  const text = burnedIn({ text: 'KIM, HANEUL 1961-04-17', x: 60, y: 90, sizePx: 40 });
  const code = (await qrCode('drape self-test')).replace(/^[^]*?<svg/, '<svg x="1020" y="470" ');
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH_PX}" height="${HEIGHT_PX}">
    <defs><linearGradient id="room" x1="0" y1="0" x2="1" y2="1">
      <stop offset="0" stop-color="#5d6f73"/><stop offset="1" stop-color="#8fa3a0"/>
    </linearGradient></defs>
    <rect width="100%" height="100%" fill="url(#room)"/>
    <g transform="translate(520 170) scale(.7)">${face}</g>${text}${code}</svg>`;
  return {
    svg,
    targets: [
      { name: 'face', box: { x: 555, y: 215, w: 140, h: 175 }, leastCovered: 0.95 },
      { name: 'text', box: { x: 62, y: 62, w: 437, h: 34 }, leastCovered: 0.95 },
      { name: 'code', box: { x: 1040, y: 490, w: 105, h: 105 }, leastCovered: 0.95 },
    ],
    open: { x: 100, y: 350, w: 200, h: 200 },
  };
}

async function loadPieces(): Promise<SamplePieces> {
  const load = async (file: string): Promise<SamplePieces> =>
    (await import(
      new URL(`../../../../scripts/sample/${file}`, import.meta.url).href
    )) as SamplePieces;
  const [{ face }, { burnedIn }, { qrCode }] = await Promise.all([
    load('face.ts'),
    load('text.ts'),
    load('qr.ts'),
  ]);
  return { face, burnedIn, qrCode };
}
