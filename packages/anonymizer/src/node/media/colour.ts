import {
  AVCOL_RANGE_JPEG,
  AVCOL_SPC_BT2020_CL,
  AVCOL_SPC_BT2020_NCL,
  AVCOL_SPC_BT470BG,
  AVCOL_SPC_BT709,
  AVCOL_SPC_FCC,
  AVCOL_SPC_SMPTE170M,
  AVCOL_SPC_SMPTE240M,
  AV_PIX_FMT_YUVJ420P,
} from 'node-av/constants';
import type { Frame } from 'node-av/lib';
import type { ColourMatrix } from '@drape/anonymizer/core';

const HD_MIN_WIDTH_PX = 1280;
const SD_MAX_HEIGHT_PX = 576;

export function isFullRange(frame: Frame): boolean {
  return frame.colorRange === AVCOL_RANGE_JPEG || frame.format === AV_PIX_FMT_YUVJ420P;
}

/** Which weights the picture was made with; guessed by its size, as players do, where it is silent. */
export function colourMatrix(frame: Frame): ColourMatrix {
  switch (frame.colorSpace) {
    case AVCOL_SPC_BT709:
    case AVCOL_SPC_SMPTE240M:
      return 'bt709';
    case AVCOL_SPC_BT470BG:
    case AVCOL_SPC_SMPTE170M:
    case AVCOL_SPC_FCC:
      return 'bt601';
    case AVCOL_SPC_BT2020_NCL:
    case AVCOL_SPC_BT2020_CL:
      return 'bt2020';
    default:
      return frame.width >= HD_MIN_WIDTH_PX || frame.height > SD_MAX_HEIGHT_PX ? 'bt709' : 'bt601';
  }
}
