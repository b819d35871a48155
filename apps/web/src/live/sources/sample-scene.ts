/** Size of the sample's picture in pixels. */
export const SAMPLE = { widthPx: 1280, heightPx: 720, framesPerSecond: 30 } as const;

/** Nobody's: name, dates and numbers are made up. */
const PATIENT = [
  '성명 김하늘',
  'KIM, HANEUL',
  '생년월일 1961-04-17',
  '등록번호 0042-7713',
] as const;

const FILES = ['tissue', 'aperture', 'instrument', 'room', 'person'] as const;
type Drawing = (typeof FILES)[number];
export type Drawings = Readonly<Record<Drawing, HTMLCanvasElement>>;

/** Loads our own drawings from this server. Rejects with EncodingError. */
export async function loadDrawings(): Promise<Drawings> {
  const loaded = await Promise.all(
    FILES.map(async (name) => {
      const image = new Image();
      image.src = `/sample/${name}.svg`;
      await image.decode();
      return [name, rasterize(image)] as const;
    }),
  );
  return Object.fromEntries(loaded) as Record<Drawing, HTMLCanvasElement>;
}

/** Once: an SVG with filters takes longer to draw than a frame lasts. */
function rasterize(image: HTMLImageElement): HTMLCanvasElement {
  const canvas = document.createElement('canvas');
  Object.assign(canvas, { width: image.naturalWidth, height: image.naturalHeight });
  canvas.getContext('2d')?.drawImage(image, 0, 0);
  return canvas;
}

/** The endoscope is in the body for this long, then outside for the rest of the round. */
const ROUND = { insideS: 12, wholeS: 20 } as const;

/**
 * Draws the sample at a time in seconds: tissue under a moving endoscope with burned-in patient
 * data, then the camera pulled out and a member of staff walking through the room.
 */
export function drawSample(
  context: CanvasRenderingContext2D,
  drawings: Drawings,
  second: number,
): void {
  const { widthPx, heightPx } = SAMPLE;
  const inRoundS = second % ROUND.wholeS;
  if (inRoundS < ROUND.insideS) {
    context.drawImage(drawings.tissue, -swing(second, 1.5, 200), -swing(second, 1.2, 140));
    context.drawImage(
      drawings.instrument,
      760 + swing(second, 1.3, 120),
      330 + swing(second, 1, 60),
    );
    context.drawImage(drawings.aperture, 0, 0, widthPx, heightPx);
  } else {
    context.drawImage(drawings.room, 0, 0, widthPx, heightPx);
    const walkedPx = (inRoundS - ROUND.insideS) * 70;
    context.drawImage(drawings.person, 240 + walkedPx, 90 + swing(second, 0.8, 24));
  }
  drawText(context, second);
}

function drawText(context: CanvasRenderingContext2D, second: number): void {
  const clock = new Date(Date.UTC(2026, 2, 14, 9, 41, 7) + second * 1000);
  PATIENT.forEach((text, row) => {
    burnIn(context, text, { x: 36, y: 64 + row * 40, sizePx: 28 });
  });
  const bottom = SAMPLE.heightPx;
  const stamp = clock.toISOString().slice(0, 19).replace('T', ' ');
  burnIn(context, stamp, { x: 36, y: bottom - 76, sizePx: 26 });
  burnIn(context, 'EXAMPLE HOSPITAL OR 3', { x: 36, y: bottom - 36, sizePx: 26 });
}

/** White letters with a black edge, as video processors burn them in. */
function burnIn(
  context: CanvasRenderingContext2D,
  text: string,
  at: { readonly x: number; readonly y: number; readonly sizePx: number },
): void {
  context.font = `700 ${at.sizePx}px 'Pretendard Variable', sans-serif`;
  context.lineJoin = 'round';
  context.lineWidth = at.sizePx / 7;
  context.strokeStyle = '#000';
  context.strokeText(text, at.x, at.y);
  context.fillStyle = '#f4f4f4';
  context.fillText(text, at.x, at.y);
}

/** Between 0 and `rangePx`, once in 2π × `slownessS` seconds. */
function swing(second: number, slownessS: number, rangePx: number): number {
  return (rangePx / 2) * (1 + Math.sin(second / slownessS));
}
