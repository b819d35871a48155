import type * as z from 'zod';
import { BadOptions, failureOf } from './failure-of.ts';

export interface HostOptions<Message> {
  readonly schema: z.ZodType<Message>;
  readonly hear: (message: Message) => void;
}

/** The process's side of the channel to the server. */
export interface Host<Out extends object> {
  readonly send: (message: Out) => void;
  /** Tells the server why, and ends the process. */
  readonly fail: (error: unknown) => void;
}

/** Listens to the server; ends the process when the server goes away or wants it to. */
export function hostChild<In, Out extends object>(options: HostOptions<In>): Host<Out> {
  const send = (message: object): void => {
    // A server that is gone is heard of by `disconnect`.
    if (process.connected) process.send?.(message, undefined, undefined, () => undefined);
  };
  const fail = (error: unknown): void => {
    send({ type: 'failed', ...failureOf(error) });
    process.exitCode = 1;
    // What hangs must not keep a process alive that nobody needs; the message goes out first.
    setTimeout(() => process.exit(1), 100);
  };
  process.on('message', (message) => {
    const parsed = options.schema.safeParse(message);
    if (parsed.success) options.hear(parsed.data);
    else fail(new BadOptions(`the server sent a message that is none: ${parsed.error.message}`));
  });
  // Nothing here is worth a moment's delay.
  process.on('disconnect', () => process.exit(0));
  process.on('SIGTERM', () => process.exit(0));
  process.on('uncaughtException', fail);
  process.on('unhandledRejection', fail);
  return { send, fail };
}
