import { CELL, tokenCells } from './barcode.ts';

export interface DrawnSource {
  readonly track: MediaStreamTrack;
  /** Draws at this size from the next frame on. */
  resize(widthPx: number, heightPx: number): void;
  /** Milliseconds at which each token was drawn, by the token's number. */
  readonly drawnMs: Map<number, number>;
}

/**
 * A moving picture with a token across its top, drawn as a line of burned-in patient data is: in
 * a place that a detector, or the whole-frame cover, must hide.
 */
export function drawnSource(size: { widthPx: number; heightPx: number; fps: number }): DrawnSource {
  const canvas = document.createElement('canvas');
  canvas.width = size.widthPx;
  canvas.height = size.heightPx;
  const context = canvas.getContext('2d', { alpha: false });
  const [track] = canvas.captureStream(size.fps).getVideoTracks();
  if (!context || !track) throw new Error('this canvas can not be captured');
  const drawnMs = new Map<number, number>();
  let next: { widthPx: number; heightPx: number } | undefined;
  let id = 0;
  const timer = setInterval(() => {
    if (track.readyState === 'ended') clearInterval(timer);
    if (next) {
      canvas.width = next.widthPx;
      canvas.height = next.heightPx;
      next = undefined;
    }
    id++;
    draw(context, id);
    drawnMs.set(id, performance.now());
    if (drawnMs.size > 2000) drawnMs.delete(id - 2000);
  }, 1000 / size.fps);
  return {
    track,
    drawnMs,
    resize(widthPx, heightPx) {
      next = { widthPx, heightPx };
    },
  };
}

function draw(context: CanvasRenderingContext2D, id: number): void {
  const { width, height } = context.canvas;
  context.fillStyle = '#553322';
  context.fillRect(0, 0, width, height);
  // Bright on dark: told from a picture that is covered whole by its contrast alone.
  context.fillStyle = '#ffeedd';
  context.fillRect((id * 7) % width, height / 2, width / 8, height / 4);
  tokenCells(id & 0xffffff).forEach((isWhite, at) => {
    context.fillStyle = isWhite ? '#ffffff' : '#000000';
    context.fillRect(at * CELL.widthPx, 0, CELL.widthPx, CELL.heightPx);
  });
}
