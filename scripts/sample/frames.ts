import { cut, draw, lay, type Canvas, type Sprite } from './canvas.ts';
import { overlay, patient } from './overlay.ts';
import { qrCode } from './qr.ts';
import { aperture, heightPx, instrument, person, room, tissue, widthPx } from './scenes.ts';

export const framesPerSecond = 25;
export const frameCount = 150;
/** From this frame on, the camera is out of the body. */
export const cutAt = 80;

/** All frames of the sample in order, RGB without padding; the same bytes on every run. */
export async function* drawFrames(): AsyncGenerator<Buffer> {
  const inBody = await inBodyView();
  const outside = await outsideView();
  const code = await draw(await qrCode(`MRN:${patient.id}`));
  let text: Sprite | undefined;
  for (let frame = 0; frame < frameCount; frame += 1) {
    if (text === undefined || frame % framesPerSecond === 0) {
      text = await draw(overlay(Math.floor(frame / framesPerSecond)));
    }
    const canvas = frame < cutAt ? inBody(frame) : outside(frame - cutAt);
    lay(canvas, text, { x: 0, y: 0 });
    lay(canvas, code, { x: widthPx - code.widthPx - 20, y: 30 });
    yield canvas.pixels;
  }
}

/** @returns the picture at a frame: an endoscope that moves over tissue, and a grasper */
async function inBodyView(): Promise<(frame: number) => Canvas> {
  const [body, mask, tool] = await Promise.all([draw(tissue), draw(aperture), draw(instrument)]);
  return (frame) => {
    const x = swing(frame, 37, body.widthPx - widthPx);
    const y = swing(frame, 29, body.heightPx - heightPx);
    const canvas = cut(body, { x, y, widthPx, heightPx });
    lay(canvas, tool, { x: 760 + swing(frame, 31, 120), y: 330 + swing(frame, 23, 60) });
    lay(canvas, mask, { x: 0, y: 0 });
    return canvas;
  };
}

/** @returns the picture at a frame: somebody walks through the operating room */
async function outsideView(): Promise<(frame: number) => Canvas> {
  const [theatre, staff] = await Promise.all([draw(room), draw(person)]);
  return (frame) => {
    const canvas = cut(theatre, { x: 0, y: 0, widthPx, heightPx });
    lay(canvas, staff, { x: 380 + frame * 4, y: 100 + swing(frame, 19, 24) });
    return canvas;
  };
}

/** Swings between 0 and `rangePx`, once in 2π × `slowness` frames. */
function swing(frame: number, slowness: number, rangePx: number): number {
  return Math.round((rangePx / 2) * (1 + Math.sin(frame / slowness)));
}
