import { join } from 'node:path';
import { keepMemoryOutOfDumps } from '@drape/anonymizer/no-dumps';
import manifest from '../package.json' with { type: 'json' };
import { openLog, readConfig } from './config/index.ts';
import { type Running, serve } from './wiring/serve.ts';

/** Whatever hangs by then is left to the system. */
const STOP_WITHIN_MS = 8000;

/** Says in one line what is wrong and ends; the cause is for the log at level debug. */
function fail(error: unknown): never {
  process.stderr.write(`drape: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
}

function readConfigOrFail(): ReturnType<typeof readConfig> {
  try {
    return readConfig(process.env, join(import.meta.dirname, '..', '..', '..'));
  } catch (error) {
    return fail(error);
  }
}

// Before anything is started: the media worker has what publishers send, streams have raw pictures.
keepMemoryOutOfDumps();
const config = readConfigOrFail();
const log = openLog(config.logLevel);
for (const warning of config.warnings) log.warn({ warning }, 'configuration');

let running: Running | undefined;
let stopping = false;

async function stop(why: string): Promise<void> {
  // The second Ctrl-C means it.
  if (stopping) process.exit(130);
  stopping = true;
  log.info({ why }, 'server stops');
  setTimeout(() => {
    log.error({ afterMs: STOP_WITHIN_MS }, 'something did not close');
    process.exit(1);
  }, STOP_WITHIN_MS).unref();
  await running?.stop();
  log.info({}, 'server has stopped');
  process.exit(0);
}

// Before any media worker is started: mediasoup ends its workers on the same signals, and listeners
// run in the order in which they were added.
for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  process.on(signal, () => {
    stop(signal).catch(fail);
  });
}
// Started by another program, which is gone.
process.on('disconnect', () => {
  stop('parent is gone').catch(fail);
});
for (const event of ['uncaughtException', 'unhandledRejection'] as const) {
  process.on(event, (error: unknown) => {
    log.fatal({ err: error }, 'a defect: the server ends');
    // Nobody knows what still holds: no picture is better than a wrong one.
    process.exit(70);
  });
}

try {
  running = await serve(config, manifest.version, log);
} catch (error) {
  log.debug({ err: error }, 'server did not start');
  fail(error);
}
