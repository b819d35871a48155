import { INTERRUPTED } from './exit-codes.ts';
import type { EndingSignal } from './exit-codes.ts';

/** Signals of one run, as an abort. */
export interface Interruption extends Disposable {
  readonly signal: AbortSignal;
  readonly received: EndingSignal | undefined;
}

/**
 * Turns SIGINT, SIGTERM and SIGHUP into an abort. Later ones change nothing: the clean-up is
 * bounded in time, and a terminal and a wrapper may both deliver the same Ctrl-C.
 */
export function watchInterruption(onFirst: (signal: EndingSignal) => void): Interruption {
  const controller = new AbortController();
  let received: EndingSignal | undefined;
  const onSignal = (signal: NodeJS.Signals): void => {
    if (received !== undefined || !isEnding(signal)) return;
    received = signal;
    onFirst(signal);
    controller.abort();
  };
  const names = Object.keys(INTERRUPTED).filter(isEnding);
  for (const name of names) process.on(name, onSignal);
  return {
    signal: controller.signal,
    get received() {
      return received;
    },
    [Symbol.dispose]() {
      for (const name of names) process.off(name, onSignal);
    },
  };
}

function isEnding(name: string): name is EndingSignal {
  return name in INTERRUPTED;
}
