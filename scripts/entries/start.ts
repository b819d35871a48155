// `npm start`: live. `npm start -- --sample`: the file path, on a drawn operation.
import { join } from 'node:path';
import { openLive } from './live.ts';
import { showSample } from './sample.ts';

const root = join(import.meta.dirname, '..', '..');
const given = process.argv.slice(2);
const known = ['--sample', '--new-admin-link'];
const unknown = given.filter((one) => !known.includes(one));

if (unknown.length > 0) {
  console.error(`npm start takes ${known.join(' or ')} after a "--", not ${unknown.join(' ')}.`);
  process.exitCode = 2;
} else if (given.includes('--sample')) process.exitCode = await showSample(root);
else process.exitCode = await openLive(root, given);
