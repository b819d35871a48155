import { readFileSync } from 'node:fs';
import { z } from 'zod';

const box = z.tuple([z.number(), z.number(), z.number(), z.number()]);
const entry = z.object({
  /** Identifying lines only; other text of the picture is not listed. */
  phi_boxes: z.array(box).default([]),
  lines: z.array(z.object({ box })).default([]),
  words: z.array(z.object({ box })).default([]),
  instances: z.array(z.object({ box_xyxy: box, ignore: z.boolean() })).default([]),
});

/** x, y, width, height in pixels of the picture. */
export type TextBox = z.infer<typeof box>;

/** Text boxes by picture, from the `gt.json` of any of the text sets. */
export function readTextTruth(file: string): Map<string, TextBox[]> {
  const truth = z.record(z.string(), entry).parse(JSON.parse(readFileSync(file, 'utf8')));
  return new Map(
    Object.entries(truth).map(([name, { phi_boxes, lines, words, instances }]) => {
      const scored = instances.filter((instance) => !instance.ignore);
      const scene = scored.map(({ box_xyxy: [x, y, right, bottom] }): TextBox => {
        return [x, y, right - x, bottom - y];
      });
      return [name, [...phi_boxes, ...[...lines, ...words].map((line) => line.box), ...scene]];
    }),
  );
}
