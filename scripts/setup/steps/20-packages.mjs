import { join } from 'node:path';
import { installedPackages, missingPackages } from '../lockfile.mjs';
import { npmCi } from '../npm-ci.mjs';
import { hashOfFile, keyOf } from '../stamp.mjs';
import { packageFiles } from '../workspaces.mjs';

/** @type {import('../steps.mjs').Step} */
export default {
  name: 'packages',
  entries: ['setup', 'start', 'test', 'lint', 'probe', 'eval', 'bench', 'train'],
  provenByPresent: true,
  key: ({ root }) =>
    keyOf(
      process.platform,
      process.arch,
      hashOfFile(join(root, 'package-lock.json')),
      ...packageFiles(root).map(hashOfFile),
    ),
  present: ({ root }) => missingPackages(root).length === 0,
  async work({ root, abort }, progress) {
    await npmCi(root, abort, (fetched) => {
      progress(`npm ci, ${fetched} fetched`);
    });
    return `${installedPackages(root)} packages installed`;
  },
};
