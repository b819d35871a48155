#!/usr/bin/env node
import { parseArgs } from 'node:util';
import { ModelError } from './errors.ts';
import { installModels } from './install.ts';
import { modelsState } from './state.ts';

const USAGE = `Usage: node models/src/cli.ts <command>

  install   fetch, convert and check every model of models/manifest.json
  list      what is installed
  verify    hash every installed file anew; install what is missing or damaged
  measure --data DIR
            recall, painting and time of the face detector's variants on a folder laid out like ../shared/data
  calibrate --images DIR [--limit N]
            measure the ranges that int8 models need on the pictures below DIR (for developers; after it, the
            manifest's sha256 of those models must be set to the new one, which install then names)
`;

const say = (line: string): void => {
  process.stdout.write(`${line}\n`);
};

async function install(verify: boolean): Promise<void> {
  const start = performance.now();
  const installed = await installModels({ log: say, verify });
  const fresh = installed.filter((model) => model.fresh).length;
  const seconds = ((performance.now() - start) / 1000).toFixed(1);
  say(`${installed.length} model files present, ${fresh} of them new, ${seconds} s`);
}

function list(): void {
  for (const model of modelsState()) {
    const mark = model.isDefault ? '*' : ' ';
    say(
      `${mark} ${model.id.padEnd(16)} ${model.variant.padEnd(6)} ${model.state.padEnd(8)} ${model.source}`,
    );
  }
}

function dataArgument(): string {
  const { values } = parseArgs({
    args: process.argv.slice(3),
    options: { data: { type: 'string', default: '../shared/data' } },
  });
  return values.data;
}

function calibrateArguments(): { dir: string; limit: number } {
  const { values } = parseArgs({
    args: process.argv.slice(3),
    options: { images: { type: 'string' }, limit: { type: 'string', default: '160' } },
  });
  const limit = Number(values.limit);
  if (values.images === undefined || !(limit > 0)) {
    throw new Error(`calibrate needs --images DIR and a positive --limit\n\n${USAGE}`);
  }
  return { dir: values.images, limit };
}

async function main(command: string | undefined): Promise<number> {
  switch (command) {
    case 'install':
      await install(false);
      return 0;
    case 'verify':
      await install(true);
      return 0;
    case 'list':
      list();
      return 0;
    case 'calibrate':
      // Loaded on demand: both need the runtime, which a set-up does not.
      await (
        await import('./calibrate-models.ts')
      ).calibrateModels({ ...calibrateArguments(), log: say });
      return 0;
    case 'measure':
      await (await import('./measure/faces.ts')).measureFaces(dataArgument(), say);
      return 0;
    default:
      process.stderr.write(USAGE);
      return 2;
  }
}

try {
  process.exitCode = await main(process.argv[2]);
} catch (error) {
  if (!(error instanceof ModelError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}
