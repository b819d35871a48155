// `npm start`: live. `npm start -- --sample`: the file path, on a drawn operation.
import { join } from 'node:path';

const root = join(import.meta.dirname, '..', '..');
const given = process.argv.slice(2);
const known = ['--sample', '--new-admin-link'];
const unknown = given.filter((one) => !known.includes(one));

if (unknown.length > 0) {
  console.error(`npm start takes ${known.join(' or ')} after a "--", not ${unknown.join(' ')}.`);
  process.exitCode = 2;
} else if (given.includes('--sample')) {
  // Each brings much along that the other one does not need.
  const { showSample } = await import('./sample.ts');
  process.exitCode = await showSample(root);
} else {
  const { openLive } = await import('./live.ts');
  process.exitCode = await openLive(root, given);
}
