/** Frame rates, in frames per second; a camera may give fewer. */
export const FULL_FPS = 30;
export const HALF_FPS = 15;

/** Lets frames in at a rate: those that come sooner are left out evenly. */
export class RateGate {
  #fps = FULL_FPS;
  #nextUs = -Infinity;

  get fps(): number {
    return this.#fps;
  }

  set fps(fps: number) {
    this.#fps = fps;
  }

  /** Whether the frame of this time may enter. Times rise. */
  admits(ptsUs: number): boolean {
    const spacingUs = 1e6 / this.#fps;
    // Cameras jitter: a frame that is a quarter too early is on time.
    if (ptsUs < this.#nextUs - spacingUs / 4) return false;
    // In step with the camera, but never owing frames after a pause.
    this.#nextUs = Math.max(this.#nextUs, ptsUs - spacingUs / 2) + spacingUs;
    return true;
  }
}
