// The one door of the project: brings the machine to where an entry can run, then runs it.
//   node scripts/setup.mjs <entry> [arguments…]
// No dependencies, and it runs on whatever Node the machine has (from 20 on).
import { fileURLToPath } from 'node:url';
import { dirname } from 'node:path';
import { main } from './setup/main.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
process.exitCode = await main(root, process.argv.slice(2));
