import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { readDemo, readFaceClip, endoscopyClip, talkingHead } from './truth/clips.ts';
import { readDlib, readMasked, readVis, readWider } from './truth/stills.ts';
import { smallPrint } from './truth/small-print.ts';
import { readInstances, readLines, readOverlays, readWords } from './truth/texts.ts';
import { PROJECT_ROOT } from './data-root.ts';
import { turnedBy, turnedClip } from './truth/turn.ts';
import type { StillUnit, TurnDeg, Unit } from './truth/truth.ts';

/** Which table a set is printed in. */
export type Table = 'faces' | 'text' | 'clips' | 'endoscopy';

export interface EvalSet {
  readonly name: string;
  readonly table: Table;
  /** Pictures of operating rooms: what is painted is compared with what ground truth would paint. */
  readonly orPaint?: boolean;
  /**
   * Nothing but faces is looked for, and nothing but paint is reported: stock pictures have
   * watermarks, which are rightly painted and are no part of the faces' ground truth.
   */
  readonly facesAlone?: boolean;
  /** Pictures are looked at as frames of a recording are, not as pictures of which there is no second one. */
  readonly asFrames?: boolean;
  /** Left out unless asked for by name or by this flag. */
  readonly optional?: 'turned' | 'sources';
  load(dataRoot: string): Promise<readonly Unit[]>;
}

async function orStills(root: string): Promise<StillUnit[]> {
  const surgeons = join(root, 'faces_images', 'wider_surgeons');
  return [
    ...(await readWider(surgeons, (tag) => tag === 'operating-room')),
    ...(await readVis(join(root, 'or_scenes'))),
  ];
}

const drawnBefore = new Map<string, Promise<StillUnit[]>>();

/** Drawn once a run: two sets have it. */
function drawnSmallPrint(root: string): Promise<StillUnit[]> {
  const drawn = drawnBefore.get(root) ?? drawSmallPrint(root);
  drawnBefore.set(root, drawn);
  return drawn;
}

async function drawSmallPrint(root: string): Promise<StillUnit[]> {
  const folders = ['kvasir_no_text', 'cvc612', 'sinus_1080p'];
  const pictures = await Promise.all(folders.map((folder) => images(folder)(root)));
  const stills = pictures.flat().filter((unit) => unit.kind === 'still');
  return smallPrint(stills, join(PROJECT_ROOT, '.cache', 'eval', 'small-print'));
}

const turned = (turnDeg: TurnDeg): EvalSet => ({
  name: `or_stills_${turnDeg}`,
  table: 'faces',
  orPaint: true,
  optional: 'turned',
  load: async (root) => Promise.all((await orStills(root)).map((unit) => turnedBy(unit, turnDeg))),
});

const DEMO = ['demo', 'demo_dev_720p.gt.json'] as const;

/** Whoever lies on the table lies so for the whole recording. */
const turnedDemo = (turnDeg: 90 | 180): EvalSet => ({
  name: `demo_${turnDeg}`,
  table: 'clips',
  optional: 'turned',
  load: async (root) => {
    const folder = join(PROJECT_ROOT, '.cache', 'eval', 'turned');
    return [await turnedClip(await readDemo(join(root, ...DEMO)), turnDeg, folder)];
  },
});

const images = (folder: string): EvalSet['load'] => {
  return (root) => endoscopyStills(join(root, 'surgical', folder), folder);
};

async function endoscopyStills(folder: string, source: string): Promise<StillUnit[]> {
  const files = (await readdir(folder)).filter((file) => /\.(?:jpe?g|png)$/i.test(file)).sort();
  return files.map((file) => ({
    kind: 'still',
    name: file,
    path: join(folder, file),
    turnDeg: 0,
    boxes: [],
    source,
  }));
}

/** In-body pictures of the training material, by source: nothing is trained on held-out ones. */
async function viewSources(root: string): Promise<StillUnit[]> {
  const folder = join(root, 'train', 'view', 'in_body');
  const sources = (await readdir(folder)).sort();
  const units = await Promise.all(
    sources.map((source) => endoscopyStills(join(folder, source), source)),
  );
  return units.flat();
}

async function aslClips(root: string): Promise<Unit[]> {
  const folder = join(root, 'faces_video', 'asl');
  const files = (await readdir(folder)).filter((file) => file.endsWith('.gt.json')).sort();
  return Promise.all(files.map((file) => readFaceClip(join(folder, file))));
}

const one = async (unit: Promise<Unit> | Unit): Promise<Unit[]> => [await unit];
const faces = (name: string, read: (folder: string) => Promise<StillUnit[]>): EvalSet => ({
  name,
  table: 'faces',
  load: (root) => read(join(root, 'faces_images', name)),
});
const text = (name: string, read: (folder: string) => Promise<StillUnit[]>): EvalSet => ({
  name,
  table: 'text',
  load: (root) => read(join(root, 'text', name)),
});

/** Every set, in the order of the tables. */
export const SETS: readonly EvalSet[] = [
  { name: 'or_stills', table: 'faces', orPaint: true, load: orStills },
  {
    name: 'or_stills_faces_alone',
    table: 'faces',
    orPaint: true,
    facesAlone: true,
    load: orStills,
  },
  turned(90),
  turned(180),
  turned(270),
  {
    name: 'surgeons_elsewhere',
    table: 'faces',
    load: (root) =>
      readWider(join(root, 'faces_images', 'wider_surgeons'), (tag) => tag !== 'operating-room'),
  },
  faces('masked_kaggle', readMasked),
  faces('wider_mix', (folder) => readWider(folder)),
  faces('dlib_faces', readDlib),
  text('lx_endoscopy_overlay', readOverlays),
  text('kvasir_text', readLines),
  text('ultrasound', readLines),
  text('presidio_xray', readWords),
  text('icdar2015_sample', readInstances),
  { name: 'small_print', table: 'text', load: drawnSmallPrint },
  { name: 'small_print_in_video', table: 'text', asFrames: true, load: drawnSmallPrint },
  {
    name: 'demo',
    table: 'clips',
    load: (root) => one(readDemo(join(root, ...DEMO))),
  },
  turnedDemo(90),
  turnedDemo(180),
  {
    name: 'hamilton',
    table: 'clips',
    load: (root) => one(readFaceClip(join(root, 'faces_video', 'hamilton_stage_640x360.gt.json'))),
  },
  { name: 'asl', table: 'clips', load: aslClips },
  {
    name: 'webcam_head',
    table: 'clips',
    load: (root) => one(talkingHead(join(root, 'faces_video', 'webcam_head_400x300.mp4'))),
  },
  { name: 'kvasir_no_text', table: 'endoscopy', load: images('kvasir_no_text') },
  { name: 'cvc612', table: 'endoscopy', load: images('cvc612') },
  { name: 'sinus_1080p', table: 'endoscopy', load: images('sinus_1080p') },
  {
    name: 'lap_cholecystectomy',
    table: 'endoscopy',
    load: (root) => one(endoscopyClip(join(root, 'surgical', 'lap_cholecystectomy_720p.mp4'))),
  },
  {
    name: 'cholec80',
    table: 'endoscopy',
    load: (root) =>
      one(endoscopyClip(join(root, 'surgical', 'cholec80_v01_000-035_inbody_256.mp4'))),
  },
  { name: 'view_in_body', table: 'endoscopy', optional: 'sources', load: viewSources },
  {
    name: 'view_in_body_faces_alone',
    table: 'endoscopy',
    optional: 'sources',
    facesAlone: true,
    load: viewSources,
  },
];
