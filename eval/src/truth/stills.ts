import { join } from 'node:path';
import { z } from 'zod';
import { boxSchema, readTruth } from './read-json.ts';
import type { StillUnit, TruthBox, Visibility } from './truth.ts';

const widerSchema = z.record(
  z.string(),
  z.object({
    tag: z.string(),
    faces: z.array(z.object({ box: boxSchema, medium: z.boolean(), hard: z.boolean() })),
  }),
);
const visSchema = z.record(
  z.string(),
  z.object({
    faces: z.array(z.object({ box: boxSchema, vis: z.enum(['clear', 'hard', 'ignore']) })),
  }),
);
const maskedSchema = z.record(
  z.string(),
  z.object({ faces: z.array(z.object({ box: boxSchema })) }),
);
const dlibSchema = z.record(
  z.string(),
  z.object({ faces: z.array(z.object({ box: boxSchema, ignore: z.boolean() })) }),
);

function face(box: TruthBox['box'], visibility: Visibility): TruthBox {
  return { kind: 'face', visibility, box };
}

function still(folder: string, file: string, boxes: readonly TruthBox[]): StillUnit {
  return { kind: 'still', name: file, path: join(folder, file), turnDeg: 0, boxes, source: file };
}

/**
 * WIDER FACE: `hard` there means "part of the hard evaluation set", which holds the easy and the
 * medium ones; a face outside of it is not scored. `medium` holds the easy ones in the same way.
 */
export async function readWider(
  folder: string,
  keep: (tag: string) => boolean = () => true,
): Promise<StillUnit[]> {
  const truth = await readTruth(join(folder, 'gt.json'), widerSchema);
  return Object.entries(truth)
    .filter(([, picture]) => keep(picture.tag))
    .map(([file, picture]) =>
      still(
        folder,
        file,
        picture.faces.map((one) => ({
          ...face(one.box, one.hard ? 'clear' : 'ignore'),
          easyOrMedium: one.medium,
        })),
      ),
    );
}

/** Own ground truth with `vis` on every face. */
export async function readVis(folder: string): Promise<StillUnit[]> {
  const truth = await readTruth(join(folder, 'gt.json'), visSchema);
  return Object.entries(truth).map(([file, picture]) =>
    still(
      folder,
      file,
      picture.faces.map((one) => face(one.box, one.vis)),
    ),
  );
}

export async function readMasked(folder: string): Promise<StillUnit[]> {
  const truth = await readTruth(join(folder, 'gt.json'), maskedSchema);
  return Object.entries(truth).map(([file, picture]) =>
    still(
      folder,
      file,
      picture.faces.map((one) => face(one.box, 'clear')),
    ),
  );
}

export async function readDlib(folder: string): Promise<StillUnit[]> {
  const truth = await readTruth(join(folder, 'gt.json'), dlibSchema);
  return Object.entries(truth).map(([file, picture]) =>
    still(
      folder,
      file,
      picture.faces.map((one) => face(one.box, one.ignore ? 'ignore' : 'clear')),
    ),
  );
}
