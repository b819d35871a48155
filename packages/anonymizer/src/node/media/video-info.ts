import type {
  AVChromaLocation,
  AVColorPrimaries,
  AVColorRange,
  AVColorSpace,
  AVColorTransferCharacteristic,
} from 'node-av/constants';
import type { RotationDeg, Size } from '@drape/anonymizer/core';
import type { TimeBase } from './ticks.ts';

/** Colour description, as ITU-T H.273 codes. 2 (0 for the range) means that the file says nothing. */
export interface ColourInfo {
  readonly range: AVColorRange;
  readonly primaries: AVColorPrimaries;
  readonly transfer: AVColorTransferCharacteristic;
  readonly matrix: AVColorSpace;
  /** Where the chroma samples sit; 0 where the file says nothing. */
  readonly chromaLocation: AVChromaLocation;
}

/** How many streams of each kind the file holds. Attached pictures (covers) count as attachments. */
export interface StreamCounts {
  readonly video: number;
  readonly audio: number;
  readonly subtitle: number;
  readonly data: number;
  readonly attachment: number;
}

/** What is known of a video before its frames are read. Sizes are those of the first picture. */
export interface VideoInfo extends Size {
  /** The file, as the caller named it. */
  readonly path: string;
  /** FFmpeg's name of the container: `mov,mp4,m4a,3gp,3g2,mj2`, `matroska,webm`, `mpegts`. */
  readonly container: string;
  /** FFmpeg's name of the codec: `h264`, `hevc`, `vp8`, `vp9`, `av1`, `mpeg2video`, `mjpeg`. */
  readonly codec: string;
  /** Clockwise turn that makes the picture upright. */
  readonly rotationDeg: RotationDeg;
  /** The display matrix as the file has it (9 numbers, 16.16 and 2.30 fixed point). */
  readonly displayMatrix: readonly number[] | undefined;
  /** Width of a pixel over its height; undefined where the file says nothing. */
  readonly sampleAspect: { readonly num: number; readonly den: number } | undefined;
  readonly colour: ColourInfo;
  readonly scan: 'progressive' | 'top-field-first' | 'bottom-field-first';
  /** One tick of the timestamps. */
  readonly timeBase: TimeBase;
  /** Presentation time of the first frame, in microseconds. */
  readonly startUs: number;
  /** Frames per second as a fraction, averaged; undefined where unknown. */
  readonly averageFrameRate: TimeBase | undefined;
  /** As the container states it, in microseconds; undefined where it doesn't. */
  readonly durationUs: number | undefined;
  /** As the container states it; undefined where it doesn't. */
  readonly frameCount: number | undefined;
  readonly streams: StreamCounts;
}

/** Something about a file that its user should know, and that did not stop the work. */
export interface MediaWarning {
  readonly code:
    /** Other video streams were left out. */
    | 'streams-dropped'
    /** Timestamps were missing or not rising and were repaired. */
    | 'timestamps-repaired'
    /** Pictures are damaged: they arrive with `intact` false. */
    | 'damaged'
    /** Pictures could not be decoded at all: there is a gap in the output. */
    | 'gap'
    /** The file ends early. */
    | 'truncated'
    /** Pictures change their size; the output keeps the first. */
    | 'size-changed'
    /** The output can't carry something: an audio codec, exact timestamps. */
    | 'not-carried';
  /** One sentence, without the file's name. */
  readonly message: string;
}
