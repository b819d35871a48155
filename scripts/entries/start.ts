// What `npm start` opens: the file path, shown on the project's own sample.
import { existsSync } from 'node:fs';
import { join, relative } from 'node:path';
import { handOver } from '../setup/hand-over.mjs';
import { seconds } from '../setup/report.mjs';
import { makeSample } from '../sample/make.ts';

const root = join(import.meta.dirname, '..', '..');
const sample = join(root, 'out', 'sample.mp4');
const result = join(root, 'out', 'sample.anonymized.mp4');
const here = (path: string) => relative(root, path);

console.log(`drape makes copies of surgical recordings in which nobody can be recognised.

  npx drape anonymize operation.mp4 -o copy.mp4    a recording
  npx drape anonymize recordings/ -o copies/       a folder, as the same tree
  npx drape doctor                                 is this machine ready?
  npx drape --help                                 everything else
`);

if (!existsSync(sample)) {
  const startedAt = performance.now();
  await makeSample(sample);
  console.log(`Drew ${here(sample)} in ${seconds(performance.now() - startedAt)}.`);
}
console.log(`Anonymizing ${here(sample)}, a drawn operation with a made-up patient:\n`);
const cli = join(root, 'apps', 'cli', 'src', 'main.ts');
const order = ['anonymize', here(sample), '-o', here(result), '--report', '--overwrite'];
process.exitCode = await handOver(process.execPath, [cli, ...order], root);
if (process.exitCode === 0) {
  console.log(`
The copy:       ${here(result)}
What was found: ${here(result)}.timeline.json
At a glance:    ${here(result)}.contact.png

Compare it with the original, then try a recording of yours.`);
}
