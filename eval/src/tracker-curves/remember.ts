import type { Detector, Look, LookOptions, RawFrame } from '@drape/anonymizer/core';

/** Every so many bytes of a picture go into its key. */
const STRIDE = 211;

/** Looks by detector and picture: the same ones serve every setting of the tracker. */
export type Memory = Map<string, Promise<Look>>;

/** Looks at no picture twice, as long as the memory lives. Owns the detector. */
export function remembering(detector: Detector, memory: Memory): Detector {
  return {
    info: detector.info,
    warmUp: () => detector.warmUp(),
    look(frame: RawFrame, options: LookOptions = {}): Promise<Look> {
      const key = `${detector.info.id} ${options.effort ?? 'usual'} ${keyOf(frame)}`;
      let look = memory.get(key);
      if (!look) {
        look = detector.look(frame, options);
        memory.set(key, look);
        // A look that failed is no look: the next one may do it.
        look.catch(() => memory.delete(key));
      }
      return look;
    },
    close: () => detector.close(),
  };
}

/** FNV-1a over samples of the luma, beside the time: two pictures of one key would have to be alike. */
function keyOf(frame: RawFrame): string {
  const { y, strideY, heightPx } = frame.read();
  let hash = 0x811c9dc5;
  const length = Math.min(y.length, strideY * heightPx);
  for (let at = 0; at < length; at += STRIDE) {
    hash = Math.imul(hash ^ (y[at] ?? 0), 0x01000193);
  }
  return `${frame.info.ptsUs} ${length} ${hash >>> 0}`;
}
