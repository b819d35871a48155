/** What the process says to its caller; printed by `drape --help`. */
export const EXIT = {
  ok: 0,
  someFailed: 1,
  usage: 2,
  notSetUp: 3,
  nothingToDo: 4,
  internal: 70,
} as const;

/** 128 + the signal's number, as shells have it. */
export const INTERRUPTED = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 } as const;
export type EndingSignal = keyof typeof INTERRUPTED;

export const EXIT_CODE_HELP = `Exit codes:
  0    everything was anonymized
  1    some files failed; the end of the output says which and why
  2    the command line is wrong; nothing was done
  3    drape is not set up: run \`npm run setup\`, then \`drape doctor\`
  4    no file to anonymize was found
  70   drape itself failed: a bug
  129, 130, 143
       stopped by SIGHUP, SIGINT (Ctrl-C), SIGTERM; no partial output is left`;
