// node docs/examples/anonymize-with-your-model.mjs src.mp4 dest.mp4 1280x720
//
// ffmpeg decodes, a Python model of yours (my_model.py) paints, ffmpeg encodes. Frames wait for
// each other from end to end; when one part fails, all of them end and the error says which.
import { spawn } from 'node:child_process';
import { pipeline } from 'node:stream/promises';
import { childDuplex, pythonWorker, WorkerPool, workerDuplex } from '@drape/anonymizer/node';

const [src, dest, size] = process.argv.slice(2);
const [widthPx, heightPx] = size.split('x').map(Number);
const raw = ['-f', 'rawvideo', '-pix_fmt', 'yuv420p'];
const onLog = ({ worker, message, fields }) => console.error(worker, message, fields);

const ffmpeg = (name, args) =>
  childDuplex(spawn('ffmpeg', ['-v', 'error', '-nostdin', ...args]), {
    name: `ffmpeg ${name}`,
    onLog,
  });

await using pool = new WorkerPool(
  pythonWorker({
    name: 'my-model',
    modules: ['my_model'],
    pythonPath: [import.meta.dirname],
    onLog,
  }),
);

await pipeline(
  ffmpeg('decode', ['-i', src, ...raw, 'pipe:1']),
  workerDuplex(pool, {
    method: 'paint',
    frameBytes: (widthPx * heightPx * 3) / 2,
    args: { widthPx, heightPx },
  }),
  ffmpeg('encode', [...raw, '-s', size, '-r', '25', '-i', 'pipe:0', '-y', dest]),
);
console.error(`wrote ${dest}`);
