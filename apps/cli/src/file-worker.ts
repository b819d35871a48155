// A process that anonymizes one file at a time. A crash of a decoder or a model ends this process,
// and with it one file, never the run.
import { keepMemoryOutOfDumps } from '@drape/anonymizer/no-dumps';
import { FileAnonymizer } from '@drape/anonymizer/node';
import type { FileJob } from '@drape/anonymizer/node';
import { failureOf } from './failure.ts';
import { ALIVE_EVERY_MS } from './jobs/messages.ts';
import { summaryOf } from './jobs/outcome.ts';
import type { FromWorker, Outcome, ToWorker } from './jobs/messages.ts';

keepMemoryOutOfDumps();
/** Detectors stay loaded from file to file: opening them costs more than a picture. */
const anonymizer = new FileAnonymizer({ threads: 1 });
let current: AbortController | undefined;
let isLeaving = false;

// A terminal sends Ctrl-C to the whole group; the parent decides and says `stop`.
process.on('SIGINT', () => undefined);
process.on('SIGTERM', () => {
  current?.abort();
});
// Without a parent nobody wants the result: clean up and go.
process.on('disconnect', leave);
process.on('message', (message: ToWorker) => {
  if (message.type === 'stop') current?.abort();
  else if (message.type === 'end') leave();
  else if (!current) void work(message.job);
});

function leave(): void {
  isLeaving = true;
  if (current) current.abort();
  else process.exit(0);
}

async function work(job: FileJob): Promise<void> {
  const stop = new AbortController();
  current = stop;
  const alive = setInterval(() => {
    send({ type: 'alive' });
  }, ALIVE_EVERY_MS);
  try {
    send({ type: 'done', outcome: await anonymize(job, stop.signal) });
  } catch (error) {
    send({ type: 'failed', failure: failureOf(error) });
  } finally {
    clearInterval(alive);
    current = undefined;
    if (isLeaving) process.exit(0);
  }
}

async function anonymize(job: FileJob, signal: AbortSignal): Promise<Outcome> {
  const { timeline, ...rest } = await anonymizer.run(job, {
    signal,
    onProgress: (progress) => {
      send({ type: 'progress', progress });
    },
  });
  return { ...rest, ...summaryOf(timeline) };
}

function send(message: FromWorker): void {
  // The callback takes the error of a parent that died between the check and the call.
  if (process.connected) process.send?.(message, undefined, undefined, () => undefined);
}
