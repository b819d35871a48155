import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { modelRefSchema, type ModelRef } from '@drape/contract';
import { loadManifest } from '@drape/models';
import * as z from 'zod';
import type { ModelPolicy } from '../engine/index.ts';
import type { Log } from '../log.ts';

/** The part of the edge's `index.json` that names what looks at pictures. */
const indexSchema = z.object({
  face: z.object({ detector: modelRefSchema, judge: modelRefSchema }),
  blaze: z.object({ detectors: z.array(modelRefSchema) }),
  text: z.object({ detector: modelRefSchema }),
  code: z.object({ reader: modelRefSchema }),
});

/**
 * What a page's attestation may and must name: the models that this very server hands out to pages,
 * the trained ones only as far as models/manifest.json has them. Without them none is accepted.
 */
export function edgeModels(webDir: string, log: Log): ModelPolicy {
  const file = join(webDir, 'public', 'edge', 'index.json');
  try {
    const { face, blaze, text, code } = indexSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
    const trained = [face.detector, face.judge, text.detector, ...blaze.detectors];
    return {
      known: byId([...trained.filter(isInManifest), code.reader]),
      required: [face.detector.id, face.judge.id, text.detector.id, code.reader.id],
    };
  } catch (error) {
    log.warn(
      { err: error },
      'no edge assets: browsers cannot anonymize; "npm run setup" makes them',
    );
    return { known: new Map(), required: ['of the edge (its assets are not set up)'] };
  }
}

function isInManifest({ sha256 }: ModelRef): boolean {
  return loadManifest().models.some(({ outputs }) =>
    outputs.some((output) => output.sha256 === sha256),
  );
}

function byId(models: readonly ModelRef[]): ReadonlyMap<string, ReadonlySet<string>> {
  const known = new Map<string, Set<string>>();
  for (const { id, sha256 } of models) known.set(id, (known.get(id) ?? new Set()).add(sha256));
  return known;
}
