/** From so many on, detectors of the browser may look as often as their models allow. */
export const MANY_CORES = 4;
