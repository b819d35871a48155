import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { ProbeError } from '../errors.ts';
import type { ProbeJob } from './run.ts';

const ROOT = join(import.meta.dirname, '..', '..', '..');

export const USAGE = `npm run probe -- CLIP --mode edge|server --out DIR [options]

Publishes CLIP from a real Chromium through the real servers, watches it in a second one, and keeps
what the viewer saw: DIR/viewer.mp4 (near-lossless), frames.json (the number of each frame's source
frame), stats.json (glass-to-glass latency, freezes, CPU), publish.png and watch.png.

  --mode NAME        edge: the browser anonymizes; server: the server does
  --out DIR          made where it is not there; its files are replaced
  --seconds N        length of the recording (default 20); whole: once through the clip, 15 s or more
  --style NAME       pixelate, blur, solid (default: what the page has)
  --fill COLOUR      of solid, such as ff00ff
  --profile NAME     mixed, or-camera, endoscope, strict (default: what the page has)
  --fps N            frames a second that the camera gives (default: the clip's own)
  --no-picture       no viewer.mp4: takes less of the machine while it measures

Exit codes: 0 recorded, 1 something failed on the way, 2 bad arguments, clip or browser missing,
130 interrupted.`;

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      strict: true,
      allowPositionals: true,
      options: {
        mode: { type: 'string' },
        out: { type: 'string' },
        seconds: { type: 'string', default: '20' },
        style: { type: 'string' },
        fill: { type: 'string' },
        profile: { type: 'string' },
        fps: { type: 'string' },
        'no-picture': { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
    });
  } catch (cause) {
    const said = cause instanceof Error ? cause.message : String(cause);
    throw new ProbeError('bad-arguments', `${said}\n\n${USAGE}`, { cause });
  }
}

function number(name: string, text: string): number {
  const value = Number(text);
  if (text !== '' && Number.isFinite(value) && value > 0) return value;
  throw new ProbeError('bad-arguments', `--${name} ${text}: give a number above 0.`);
}

/** Throws ProbeError 'bad-arguments'; undefined when help was asked for. */
export function parseOptions(
  args: readonly string[],
): Omit<ProbeJob, 'say' | 'signal'> | undefined {
  const { values, positionals } = parse(args);
  if (values.help) return undefined;
  const [clip, ...others] = positionals;
  const { mode, out, fill } = values;
  if (clip === undefined || others.length > 0 || out === undefined) {
    throw new ProbeError('bad-arguments', `Give one CLIP and --out DIR.\n\n${USAGE}`);
  }
  if (mode !== 'edge' && mode !== 'server') {
    throw new ProbeError('bad-arguments', `--mode ${mode ?? ''}: it is edge or server.`);
  }
  if (fill !== undefined && !/^[0-9a-f]{6}$/i.test(fill)) {
    throw new ProbeError('bad-arguments', `--fill ${fill}: give six hexadecimal digits.`);
  }
  return {
    clip,
    mode,
    outFolder: out,
    seconds: values.seconds === 'whole' ? 'whole' : number('seconds', values.seconds),
    style: values.style,
    fill,
    profile: values.profile,
    framesPerSecond: values.fps === undefined ? undefined : number('fps', values.fps),
    keepPictures: !values['no-picture'],
    cacheFolder: join(ROOT, '.cache', 'probe'),
  };
}
