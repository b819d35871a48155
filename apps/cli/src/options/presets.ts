import type { EncoderPreset } from '@drape/anonymizer/node';

/** x264's presets, fastest first. */
export const PRESETS = [
  'ultrafast',
  'superfast',
  'veryfast',
  'faster',
  'fast',
  'medium',
  'slow',
  'slower',
  'veryslow',
] as const satisfies readonly EncoderPreset[];
