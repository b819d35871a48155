import { readFileSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import type { Ranges } from './convert/quantize.ts';
import { MANIFEST_FILE } from './manifest.ts';

const calibrationSchema = z.strictObject({
  /** How the ranges were made, for the reader. */
  images: z.int().positive(),
  sizes: z.array(z.strictObject({ heightPx: z.int().positive(), widthPx: z.int().positive() })),
  /** Converted fp32 model that the tensors' names and values belong to. */
  sha256: z.string(),
  ranges: z.record(z.string(), z.tuple([z.number(), z.number()])),
});

export type Calibration = z.infer<typeof calibrationSchema>;

/** A calibration file, whose path is relative to `models/`. */
export function readCalibration(file: string): Calibration {
  const text = readFileSync(path.join(path.dirname(MANIFEST_FILE), file), 'utf8');
  return calibrationSchema.parse(JSON.parse(text));
}

/** The ranges of a calibration file. */
export function readRanges(file: string): Ranges {
  return readCalibration(file).ranges;
}
