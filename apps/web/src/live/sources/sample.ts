import { drawSample, loadDrawings, SAMPLE } from './sample-scene.ts';
import { SourceError, sourceOf, type LocalSource } from './source.ts';

/** Our own moving drawing, so that the product can be tried without a camera. Throws SourceError. */
export async function openSample(): Promise<LocalSource> {
  const canvas = document.createElement('canvas');
  Object.assign(canvas, { width: SAMPLE.widthPx, height: SAMPLE.heightPx });
  const context = canvas.getContext('2d', { alpha: false });
  if (!context || !('captureStream' in canvas)) throw new SourceError('unsupported');
  const drawings = await loadDrawings().catch((cause: unknown) => {
    throw new SourceError('unknown', cause);
  });
  const startMs = performance.now();
  const draw = () => {
    drawSample(context, drawings, (performance.now() - startMs) / 1000);
  };
  draw();
  // Not requestAnimationFrame: that stops in a hidden tab, and a camera does not.
  const timer = setInterval(draw, 1000 / SAMPLE.framesPerSecond);
  return sourceOf('sample', canvas.captureStream(SAMPLE.framesPerSecond), () => {
    clearInterval(timer);
  });
}
