import { parseArgs } from 'node:util';
import { EvalError } from './errors.ts';
import type { LiveMode } from './live/probe.ts';
import type { EvalSet } from './sets.ts';
import { SETS } from './sets.ts';

export type Hold = number | 'whole';

export interface EvalOptions {
  /** The clips are published and watched live, in these modes; empty: files are anonymized. */
  readonly liveModes: readonly LiveMode[];
  readonly keepFolder: string | undefined;
  readonly sets: readonly EvalSet[];
  readonly profile: string;
  readonly hold: Hold;
  readonly holdCurve: boolean;
  readonly trackerCurves: boolean;
  readonly threads: number;
  readonly jsonFile: string | undefined;
  readonly picturesFolder: string | undefined;
}

export const USAGE = `npm run eval -- [options]

Runs the anonymizer over ../shared/data and judges the pixels of its output.

  --only NAME       a set, or the start of its name; may be repeated
  --turned          also the operating-room stills and the demo clip, turned
  --sources         also the in-body pictures of train/view, source by source
  --profile NAME    mixed (default), or-camera, or-camera-strict, endoscope, endoscope-strict
  --hold MS         0, 100, 200, 400 … as the live carriers hold frames; whole (default) for files
  --hold-curve      compares holds on the clips and writes docs/hold-curve.svg and .json
  --tracker-curves  measures the tracker's settings one by one; writes docs/tracker-curves.md
  --threads N       looks under way at once (default 2)
  --live            publishes and watches the clips through the real product; judges what was seen
  --mode NAME       with --live: edge or server (default: both)
  --keep DIR        with --live: recordings stay there; they show real people
  --json FILE       keeps every figure and every missed box
  --pictures DIR    crops of missed boxes and outlines of paint, outside the project

Sets: ${SETS.map((set) => set.name).join(', ')}

Exit codes: 0 judged, 1 a file could not be judged, 2 bad arguments or no test data.`;

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      strict: true,
      options: {
        only: { type: 'string', multiple: true },
        turned: { type: 'boolean', default: false },
        sources: { type: 'boolean', default: false },
        profile: { type: 'string', default: 'mixed' },
        hold: { type: 'string', default: 'whole' },
        'hold-curve': { type: 'boolean', default: false },
        'tracker-curves': { type: 'boolean', default: false },
        threads: { type: 'string', default: '2' },
        live: { type: 'boolean', default: false },
        mode: { type: 'string' },
        keep: { type: 'string' },
        json: { type: 'string' },
        pictures: { type: 'string' },
        help: { type: 'boolean', default: false },
      },
    }).values;
  } catch (cause) {
    const said = cause instanceof Error ? cause.message : String(cause);
    throw new EvalError('bad-arguments', `${said}\n\n${USAGE}`, { cause });
  }
}

function parseHold(text: string): Hold {
  if (text === 'whole') return 'whole';
  const ms = Number(text);
  if (text !== '' && Number.isFinite(ms) && ms >= 0) return ms;
  throw new EvalError('bad-arguments', `--hold ${text}: give milliseconds, or "whole".`);
}

function chooseSets(
  only: readonly string[],
  flags: Readonly<Record<'turned' | 'sources', boolean>>,
): EvalSet[] {
  if (only.length === 0) {
    return SETS.filter((set) => set.optional === undefined || flags[set.optional]);
  }
  const exact = new Set(SETS.map((set) => set.name));
  return only.flatMap((name) => {
    const found = SETS.filter((set) =>
      exact.has(name) ? set.name === name : set.name.startsWith(name),
    );
    if (found.length > 0) return found;
    const names = SETS.map((set) => set.name).join(', ');
    throw new EvalError('bad-arguments', `--only ${name}: there is no such set. Sets: ${names}`);
  });
}

function liveModes(live: boolean, mode: string | undefined): readonly LiveMode[] {
  if (mode !== undefined && (!live || (mode !== 'edge' && mode !== 'server'))) {
    throw new EvalError('bad-arguments', `--mode ${mode}: edge or server, and with --live only.`);
  }
  if (!live) return [];
  return mode === undefined ? ['edge', 'server'] : [mode];
}

/** Throws EvalError 'bad-arguments'; undefined when help was asked for. */
export function parseOptions(args: readonly string[]): EvalOptions | undefined {
  const values = parse(args);
  if (values.help) return undefined;
  const threads = Number(values.threads);
  if (!Number.isInteger(threads) || threads < 1) {
    throw new EvalError('bad-arguments', `--threads ${values.threads}: give a number from 1.`);
  }
  const sets = chooseSets(values.only ?? [], values);
  return {
    liveModes: liveModes(values.live, values.mode),
    keepFolder: values.keep,
    sets: values.live ? sets.filter((set) => set.table === 'clips') : sets,
    profile: values.profile,
    hold: parseHold(values.hold),
    holdCurve: values['hold-curve'],
    trackerCurves: values['tracker-curves'],
    threads,
    jsonFile: values.json,
    picturesFolder: values.pictures,
  };
}
