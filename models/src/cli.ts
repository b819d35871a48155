#!/usr/bin/env node
import { existsSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { ModelError } from './errors.ts';
import { installModels } from './install.ts';
import { modelsState } from './state.ts';

const USAGE = `Usage: node models/src/cli.ts <command>

  install   fetch, convert and check every model of models/manifest.json
  list      what is installed (* is the variant in use)
  verify    hash every installed file anew; install what is missing or damaged

For developers:
  measure [--data DIR]
            recall, painting and time of the face and text detectors, on a folder laid out like
            ../shared/data
  calibrate --images DIR [--limit N] [--only ID]
            measure the ranges that int8 models need, on the pictures below DIR. After it, the manifest
            must pin the new sha256, which install names
`;

class UsageError extends Error {
  override readonly name = 'UsageError';
}

const say = (line: string): void => {
  process.stdout.write(`${line}\n`);
};

async function install(verify: boolean): Promise<void> {
  const interrupted = new AbortController();
  const stop = (): void => {
    interrupted.abort(new ModelError('fetch-failed', 'interrupted'));
  };
  process.once('SIGINT', stop).once('SIGTERM', stop);
  const start = performance.now();
  const installed = await installModels({ log: say, verify, signal: interrupted.signal });
  const fresh = installed.filter((model) => model.fresh).length;
  const seconds = ((performance.now() - start) / 1000).toFixed(1);
  say(`${installed.length} model files present, ${fresh} of them new, ${seconds} s`);
}

function list(): void {
  for (const { id, variant, state, source, isDefault } of modelsState()) {
    const columns = [id.padEnd(16), variant.padEnd(6), state.padEnd(8), source];
    say([isDefault ? '*' : ' ', ...columns].join(' '));
  }
}

// The developers' commands are loaded on demand: they need the runtime, which a set-up does not.
async function measure(data: string): Promise<void> {
  if (!existsSync(data)) throw new UsageError(`no test data at ${data}: say where with --data DIR`);
  await (await import('./measure/faces.ts')).measureFaces(data, say);
  await (await import('./measure/text.ts')).measureText(data, say);
}

async function calibrate(
  images: string | undefined,
  { limit, only }: { readonly limit: number; readonly only: string | undefined },
): Promise<void> {
  if (images === undefined || !existsSync(images) || !Number.isInteger(limit) || limit < 1) {
    throw new UsageError('calibrate needs --images DIR (a folder of pictures) and --limit ≥ 1');
  }
  const { calibrateModels } = await import('./calibrate-models.ts');
  await calibrateModels({ dir: images, limit, only, log: say });
}

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      data: { type: 'string', default: '../shared/data' },
      images: { type: 'string' },
      limit: { type: 'string', default: '160' },
      only: { type: 'string' },
    },
  });
  switch (positionals[0]) {
    case 'install':
      return install(false);
    case 'verify':
      return install(true);
    case 'list':
      list();
      return;
    case 'measure':
      return measure(values.data);
    case 'calibrate':
      return calibrate(values.images, { limit: Number(values.limit), only: values.only });
    default:
      throw new UsageError('which command?');
  }
}

try {
  await main();
} catch (error) {
  const { code, message } = error as { code?: unknown; message: string };
  const misused = error instanceof UsageError || String(code).startsWith('ERR_PARSE_ARGS');
  if (!misused && !(error instanceof ModelError)) throw error;
  process.stderr.write(misused ? `${message}\n\n${USAGE}` : `${message}\n`);
  process.exitCode = misused ? 2 : 1;
}
