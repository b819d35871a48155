// What `npm start -- --sample` shows: the file path, on the project's own drawn operation.
import { existsSync } from 'node:fs';
import { join, relative } from 'node:path';
import { handOver } from '../setup/hand-over.mjs';
import { seconds } from '../setup/report.mjs';
import { makeSample } from '../sample/make.ts';

/**
 * Draws the sample unless it is there, and anonymizes it.
 * @param root the project's folder
 * @returns exit code
 */
export async function showSample(root: string): Promise<number> {
  const sample = join(root, 'out', 'sample.mp4');
  const result = join(root, 'out', 'sample.anonymized.mp4');
  const here = (path: string) => relative(root, path);
  if (!existsSync(sample)) {
    const startedAt = performance.now();
    await makeSample(sample);
    console.log(`Drew ${here(sample)} in ${seconds(performance.now() - startedAt)}.`);
  }
  console.log(`Anonymizing ${here(sample)}, a drawn operation with a made-up patient:\n`);
  const cli = join(root, 'apps', 'cli', 'src', 'main.ts');
  const order = ['anonymize', here(sample), '-o', here(result), '--report', '--overwrite'];
  const code = await handOver(process.execPath, [cli, ...order], root);
  if (code === 0) {
    console.log(`
The copy:       ${here(result)}
What was found: ${here(result)}.timeline.json
At a glance:    ${here(result)}.contact.png

Compare it with the original, then try a recording of yours:  npx drape anonymize operation.mp4 -o copy.mp4`);
  }
  return code;
}
