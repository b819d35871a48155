import { readFileSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { ModelError } from './errors.ts';
import { MANIFEST_FILE } from './manifest.ts';
import { sha256Of } from './store.ts';

const unit = z.number().min(0).max(1);
const thresholds = z.object({ inside: z.number(), outside: z.number() });

// Not strict: the figures that chose the thresholds stand beside them.
const setupSchema = z.object({
  /** Manifest id of the detector whose proposals it was fitted on. */
  detector: z.string(),
  /** Short and long side of each look's input, in pixels. */
  looks: z.array(z.tuple([z.int().positive(), z.int().positive()])).min(1),
  proposalThreshold: unit,
  nonMaximumIou: unit,
  neighbourShare: unit,
  maxProposals: z.int().positive(),
  weights: z.object({
    detectorLogit: z.number(),
    judgeFace: z.number(),
    neighbourFace: z.number(),
  }),
  bias: z.number(),
  outsideBelow: z.number(),
  thresholds: z.object({ cautious: thresholds, balanced: thresholds }),
});

/** How the judge's verdicts and a detector's scores become one decision; see cards/face-judge.md. */
export type FaceFusionSetup = z.infer<typeof setupSchema>;

/**
 * The fusion that was fitted for a detector, and the sha256 of the file that it stands in.
 *
 * @throws ModelError `missing` (no such file, or none for this detector) or `corrupt`
 */
export function loadFaceFusion(
  detector: string,
  file: string,
): { setup: FaceFusionSetup; sha256: string } {
  const name = `models/${file}`;
  let text: string;
  try {
    text = readFileSync(path.join(path.dirname(MANIFEST_FILE), file), 'utf8');
  } catch (cause) {
    throw new ModelError('missing', `${name} can't be read`, { cause });
  }
  const setup = Object.values(parse(text, name)).find((one) => one.detector === detector);
  if (!setup) throw new ModelError('missing', `${name} has no fusion for ${detector}`);
  return { setup, sha256: sha256Of(Buffer.from(text)) };
}

function parse(text: string, name: string): Record<string, FaceFusionSetup> {
  try {
    return z.record(z.string(), setupSchema).parse(JSON.parse(text));
  } catch (cause) {
    const what = cause instanceof z.ZodError ? z.prettifyError(cause) : String(cause);
    throw new ModelError('corrupt', `${name} is invalid: ${what}`, { cause });
  }
}
