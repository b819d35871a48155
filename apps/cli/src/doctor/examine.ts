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
    for (const { state, detail } of await askProbe('part', name)) {
      yield { area: 'native parts', name, state, detail: `${detail}, ${purpose}`, ...mend(state) };
    }
  }
  yield* modelFindings();
  for (const id of DETECTORS) {
    for (const answer of await askProbe('detector', id)) {
      yield { area: 'detectors', name: id, ...mend(answer.state), ...answer };
    }
  }
  for (const answer of await askProbe('python')) {
    // No profile requires one: without Python the list is shorter, the mask is not.
    const state = answer.state === 'ok' ? 'ok' : 'notice';
    yield { area: 'optional detectors', name: 'Python', ...mend(state), ...answer, state };
  }
  const remedy = 'look at the findings above; where all of them are fine, this is a bug';
  for (const answer of await askProbe('self-test')) {
    const fix = answer.state === 'ok' ? {} : { remedy };
    yield { area: 'self-test', name: 'drawn picture', ...fix, ...answer };
  }
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

function mend(state: Finding['state']): { remedy: string } | Record<string, never> {
  return state === 'ok' ? {} : { remedy: SETUP };
}
