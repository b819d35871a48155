import type { LogLevel, WireMap } from './messages.ts';

/** One line of a worker's life, for the host's own logger. */
export interface WorkerLogEvent {
  readonly worker: string;
  /** `method`: a method logged it. `stderr`: it was printed. `host`: said by this side. */
  readonly source: 'method' | 'stderr' | 'host';
  readonly level: LogLevel;
  readonly message: string;
  readonly fields: WireMap;
}

export type WorkerLogger = (event: WorkerLogEvent) => void;

/** A logger that throws never breaks what it listens to. */
export function quietly(logger: WorkerLogger | undefined): WorkerLogger {
  return (event) => {
    try {
      logger?.(event);
    } catch {
      // There is nowhere left to say it.
    }
  };
}
