import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { PROFILES } from '@drape/anonymizer/core';
import { modelsState } from '@drape/models';
import { askProbe } from './ask-probe.ts';
import type { Finding } from './finding.ts';
import { PARTS } from './probe-part.ts';

const SETUP = 'run `npm run setup`';
/** The Node that the project pins; its own scripts always run it. */
const NODE = { exact: 'v24.21.0', leastMajor: 22, leastMinor: 18 };
/** Every detector that a profile names. */
const DETECTORS = new Set(PROFILES.flatMap(({ detectors }) => detectors.map(({ id }) => id)));

/** Looks at everything, one area after the other; yields each finding when it is known. */
export async function* examine(): AsyncGenerator<Finding> {
  yield nodeFinding();
  for (const [name, purpose] of Object.entries(PARTS)) {
    const { state, detail } = await askProbe('part', name);
    yield { area: 'native parts', name, state, detail: `${detail}, ${purpose}`, ...mend(state) };
  }
  yield* modelFindings();
  for (const id of DETECTORS) {
    const answer = await askProbe('detector', id);
    yield { area: 'detectors', name: id, ...answer, ...mend(answer.state) };
  }
  yield pythonFinding();
  const answer = await askProbe('self-test');
  const remedy = 'look at the findings above; where all of them are fine, this is a bug';
  yield {
    area: 'self-test',
    name: 'drawn picture',
    ...answer,
    ...(answer.state === 'ok' ? {} : { remedy }),
  };
}

function nodeFinding(): Finding {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  const isEnough =
    major > NODE.leastMajor || (major === NODE.leastMajor && minor >= NODE.leastMinor);
  const name = `Node ${process.version}`;
  const where = `${process.platform} ${process.arch}`;
  if (process.version === NODE.exact) return { area: 'machine', name, state: 'ok', detail: where };
  return {
    area: 'machine',
    name,
    state: isEnough ? 'notice' : 'failed',
    detail: `${where}; drape is tested with ${NODE.exact}`,
    remedy: 'start it as `npx drape`, which takes the right Node by itself',
  };
}

/** Every file is hashed: a damaged model is no model. */
function* modelFindings(): Generator<Finding> {
  for (const model of modelsState({ verify: true })) {
    if (!model.isDefault && model.state === 'missing') continue;
    const state = model.state === 'present' ? 'ok' : 'failed';
    yield {
      area: 'models',
      name: `${model.id} ${model.variant}`,
      state,
      detail: `${model.state === 'present' ? 'hash is right' : model.state}, ${model.licence}, ${model.source}`,
      ...mend(state),
    };
  }
}

function pythonFinding(): Finding {
  const venv = new URL('../../../../.cache/venv/', import.meta.url);
  const interpreter = new URL(
    process.platform === 'win32' ? 'Scripts/python.exe' : 'bin/python',
    venv,
  );
  const isThere = existsSync(fileURLToPath(interpreter));
  return {
    area: 'python',
    name: 'environment',
    state: isThere ? 'ok' : 'notice',
    detail: isThere
      ? 'installed; no profile requires a Python detector'
      : 'not installed: no Python detectors. No profile requires one',
    ...(isThere ? {} : { remedy: `${SETUP} on a machine with Python 3 to have them` }),
  };
}

function mend(state: Finding['state']): { remedy: string } | Record<string, never> {
  return state === 'ok' ? {} : { remedy: SETUP };
}
