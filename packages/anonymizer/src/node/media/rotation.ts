import { AV_FRAME_DATA_DISPLAYMATRIX, AV_PKT_DATA_DISPLAYMATRIX } from 'node-av/constants';
import type { Frame, Stream } from 'node-av/lib';
import type { RotationDeg } from '@drape/anonymizer/core';

const MATRIX_NUMBERS = 9;
const QUARTERS: readonly RotationDeg[] = [0, 90, 180, 270];

/** The display matrix of a stream, else that of its first picture, or undefined. */
export function displayMatrixOf(stream: Stream, first: Frame): number[] | undefined {
  const bytes =
    stream.codecpar.getCodedSideData(AV_PKT_DATA_DISPLAYMATRIX) ??
    first.getSideData(AV_FRAME_DATA_DISPLAYMATRIX);
  if (!bytes || bytes.length < MATRIX_NUMBERS * 4) return undefined;
  return Array.from({ length: MATRIX_NUMBERS }, (_, i) => bytes.readInt32LE(i * 4));
}

/** Side data bytes of a display matrix. */
export function displayMatrixBytes(matrix: readonly number[]): Buffer {
  const bytes = Buffer.alloc(MATRIX_NUMBERS * 4);
  matrix.forEach((value, i) => bytes.writeInt32LE(value, i * 4));
  return bytes;
}

/**
 * The clockwise turn that a display matrix asks for, to the nearest quarter. A mirrored matrix
 * gives the turn without the mirror. The angle is that of FFmpeg's av_display_rotation_get.
 */
export function rotationOf(matrix: readonly number[] | undefined): RotationDeg {
  if (!matrix) return 0;
  const [a = 0, b = 0, , c = 0, d = 0] = matrix;
  const scaleA = Math.hypot(a, c);
  const scaleB = Math.hypot(b, d);
  if (scaleA === 0 || scaleB === 0) return 0;
  const turns = Math.round(Math.atan2(b / scaleB, a / scaleA) / (Math.PI / 2));
  return QUARTERS[((turns % 4) + 4) % 4] ?? 0;
}
