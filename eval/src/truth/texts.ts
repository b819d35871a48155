import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Box } from '@drape/anonymizer/core';
import type { ZodType } from 'zod';
import { z } from 'zod';
import { boxSchema, readTruth } from './read-json.ts';
import type { StillUnit, TruthBox } from './truth.ts';

/** One text box and whether it is scored. */
interface TextBox {
  readonly box: Box;
  readonly ignore: boolean;
}

const scored = (box: Box): TextBox => ({ box, ignore: false });

/** Identifying lines of an endoscopy screen. */
const overlaySchema = z
  .object({ phi_boxes: z.array(boxSchema) })
  .transform((picture) => picture.phi_boxes.map(scored));

const linesSchema = z
  .object({ lines: z.array(z.object({ box: boxSchema })) })
  .transform((picture) => picture.lines.map((line) => scored(line.box)));

const wordsSchema = z
  .object({ words: z.array(z.object({ box: boxSchema })) })
  .transform((picture) => picture.words.map((word) => scored(word.box)));

/** Upright hulls of the polygons: stricter than the polygons themselves. */
const instancesSchema = z
  .object({
    instances: z.array(
      z.object({
        box_xyxy: z.tuple([z.number(), z.number(), z.number(), z.number()]),
        ignore: z.boolean(),
      }),
    ),
  })
  .transform((picture) =>
    picture.instances.map(({ box_xyxy: [left, top, right, bottom], ignore }) => ({
      box: { x: left, y: top, w: right - left, h: bottom - top },
      ignore,
    })),
  );

async function readTexts(folder: string, picture: ZodType<TextBox[]>): Promise<StillUnit[]> {
  const truth = await readTruth(join(folder, 'gt.json'), z.record(z.string(), picture));
  return (
    Object.entries(truth)
      // Some of the sources' pictures belong to the closed set and are named without being here.
      .filter(([file]) => existsSync(join(folder, file)))
      .map(([file, boxes]) => ({
        kind: 'still' as const,
        name: file,
        path: join(folder, file),
        turnDeg: 0 as const,
        source: file,
        boxes: boxes.map(({ box, ignore }): TruthBox => ({
          kind: 'text',
          visibility: ignore ? 'ignore' : 'clear',
          box,
        })),
      }))
  );
}

export const readOverlays = (folder: string): Promise<StillUnit[]> =>
  readTexts(folder, overlaySchema);
export const readLines = (folder: string): Promise<StillUnit[]> => readTexts(folder, linesSchema);
export const readWords = (folder: string): Promise<StillUnit[]> => readTexts(folder, wordsSchema);
export const readInstances = (folder: string): Promise<StillUnit[]> =>
  readTexts(folder, instancesSchema);
