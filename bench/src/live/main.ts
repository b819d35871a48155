import { loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { BenchError } from '../errors.ts';
import { measureServerStream } from './server-stream.ts';

// node bench/src/live/main.ts --clip FILE [--size 1280x720] [--fps 30] [--seconds 20] …

const { values } = parseArgs({
  options: {
    clip: { type: 'string', default: '../shared/data/demo/demo_dev_720p.mp4' },
    size: { type: 'string', default: '1280x720' },
    fps: { type: 'string', default: '30' },
    seconds: { type: 'string', default: '20' },
    hold: { type: 'string', default: '200' },
    profile: { type: 'string', default: 'mixed' },
    from: { type: 'string', default: '0' },
    verbose: { type: 'boolean', default: false },
  },
});

const [widthPx, heightPx] = values.size.split('x').map(Number);
if (!widthPx || !heightPx) throw new BenchError('bad-arguments', `--size ${values.size}: WxH`);
const before = loadavg()[0] ?? 0;
const figures = await measureServerStream({
  clip: values.clip,
  widthPx,
  heightPx,
  fps: Number(values.fps),
  seconds: Number(values.seconds),
  holdMs: Number(values.hold),
  profile: values.profile,
  fromFrame: Number(values.from),
});
const { states, ...rest } = figures;
if (values.verbose) for (const state of states) console.log(JSON.stringify(state));
console.log(JSON.stringify({ ...rest, steps: [...new Set(rest.steps)], loadBefore: before }));
