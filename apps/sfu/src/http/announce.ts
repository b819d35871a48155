import * as z from 'zod';

/** Told once to the parent process over its IPC channel, when everything is up. */
export const readySchema = z.object({
  type: z.literal('ready'),
  /** The public origin. */
  url: z.url(),
  /** The only time that an administrator's link is told; absent when one holds already. */
  adminLink: z.exactOptional(z.url()),
});
export type Ready = z.infer<typeof readySchema>;

/**
 * Says that the server is up: to the program that started it, or on the terminal. The link goes there and
 * nowhere else, above all not into the log.
 */
export function announce({ url, adminLink }: Omit<Ready, 'type'>, write = writeOut): void {
  const ready: Ready = { type: 'ready', url, ...(adminLink === undefined ? {} : { adminLink }) };
  if (process.send) process.send(ready);
  else write(adminLink === undefined ? `drape: ${url}\n` : `drape: ${url}\nopen: ${adminLink}\n`);
}

function writeOut(text: string): void {
  process.stdout.write(text);
}
