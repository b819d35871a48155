import { JobError } from '../failure.ts';

/** How a file process ended, as far as is known. */
export interface Death {
  /** The end of what it wrote on stdout and stderr: native libraries write there. */
  outputTail: string;
  code?: number | null;
  signal?: NodeJS.Signals | null;
  startError?: Error;
  /** It was killed because it gave no sign of life. */
  isStalled?: boolean;
}

/** The error of the file over which the process died. */
export function explainDeath(death: Death): JobError {
  const { code, signal, startError, isStalled, outputTail: detail } = death;
  if (isStalled) {
    const message =
      'its process gave no sign of life and was ended; nothing was written. The file may be ' +
      'damaged in a way that its decoder hangs on';
    return new JobError({ reason: 'stalled', message, detail });
  }
  if (startError) {
    const message = 'its process could not be started: is memory or a limit of processes used up?';
    return new JobError({ reason: 'process-died', message }, startError);
  }
  const how = signal ? `was ended by ${signal}` : `ended with code ${code ?? '?'}`;
  const message =
    `its process ${how}: most likely a decoder that crashed on damaged data, or too little ` +
    'memory (try --jobs 1). Nothing was written';
  return new JobError({ reason: 'process-died', message, detail });
}
