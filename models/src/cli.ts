#!/usr/bin/env node
import { ModelError } from './errors.ts';
import { installModels } from './install.ts';
import { modelsState } from './state.ts';

const USAGE = `Usage: node models/src/cli.ts <command>

  install   fetch, convert and check every model of models/manifest.json
  list      what is installed
  verify    hash every installed file anew; install what is missing or damaged
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
