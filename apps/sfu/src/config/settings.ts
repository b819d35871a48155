import { availableParallelism } from 'node:os';
import { LEAST_INSIDE } from '@drape/anonymizer/core';
import * as z from 'zod';

/** A whole number written in decimal digits. */
const whole = (least: number, most: number) =>
  z
    .string()
    .regex(/^\d{1,9}$/, `must be a whole number from ${least} to ${most}`)
    .transform(Number)
    .refine((given) => given >= least && given <= most, `must be from ${least} to ${most}`);

const share = (least: number) =>
  z
    .string()
    .regex(/^[01](?:\.\d{1,6})?$/, `must be a number from ${least} to 1`)
    .transform(Number)
    .refine((given) => given >= least && given <= 1, `must be from ${least} to 1`);
const yesNo = z.enum(['0', '1'], 'must be 0 or 1').transform((given) => given === '1');
const text = z.string().trim().min(1, 'must not be empty');
const origin = z
  .string()
  .refine(isOrigin, 'must be like https://live.example.org, without a path')
  .transform((given) => new URL(given).origin);

interface Note {
  says: string;
  /** The default in words, where it depends on the machine or on other variables. */
  fallback?: string;
}
/** What docs/configuration.md says of each variable. */
export const notes = z.registry<Note>();

/** Every variable that the media server reads; a test holds docs/configuration.md to it. */
export const settingsSchema = z.object({
  DRAPE_HOST: text.prefault('127.0.0.1').register(notes, {
    says: 'Address to listen on. Browsers give no camera to a page that is neither on the same machine nor on HTTPS: for other machines set `0.0.0.0` and either the two `DRAPE_TLS_…` files or a proxy that does TLS.',
  }),
  DRAPE_PORT: whole(0, 65_535).prefault('4600').register(notes, {
    says: 'TCP port of pages, API and signalling. `0` takes a free one.',
  }),
  DRAPE_PUBLIC_URL: origin.optional().register(notes, {
    says: 'Where people reach the server. Links begin with it, and no page of another origin may talk to it.',
    fallback: 'made of host and port',
  }),
  DRAPE_TLS_CERT: text.optional().register(notes, {
    says: 'File with the certificate chain (PEM). Goes with `DRAPE_TLS_KEY`.',
    fallback: 'plain HTTP',
  }),
  DRAPE_TLS_KEY: text.optional().register(notes, {
    says: "File with the certificate's private key (PEM).",
    fallback: 'plain HTTP',
  }),
  DRAPE_TRUST_PROXY: yesNo.prefault('0').register(notes, {
    says: '`1` behind a reverse proxy of yours: rate limits then count the last address in its `X-Forwarded-For`. Never without one, as anybody could write that header.',
  }),
  DRAPE_ANNOUNCED_ADDRESS: text.optional().register(notes, {
    says: 'Address that browsers send media to. Behind NAT: the public one.',
    fallback: "`DRAPE_HOST`; where that means all addresses, this machine's first IPv4 one",
  }),
  DRAPE_RTC_PORT: whole(0, 65_000).prefault('44600').register(notes, {
    says: 'First media port, UDP and TCP; each worker takes the next one. `0` takes free ones.',
  }),
  DRAPE_WORKERS: whole(1, 256).prefault(String(availableParallelism())).register(notes, {
    says: 'Media workers. A room lives in one of them.',
    fallback: 'one per core',
  }),
  DRAPE_DATA_DIR: text.optional().register(notes, {
    says: 'Folder of what must outlive a restart: signing key, rooms, invites. Only its owner may read it.',
    fallback: '`.drape` in the project',
  }),
  DRAPE_LOG_LEVEL: z
    .enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'])
    .prefault('info')
    .register(notes, { says: '`silent`, `fatal`, `error`, `warn`, `info`, `debug` or `trace`.' }),
  DRAPE_MAX_ROOMS: whole(1, 10_000).prefault('100').register(notes, {
    says: 'Rooms that may exist at a time.',
  }),
  DRAPE_MAX_VIEWERS: whole(1, 10_000).prefault('200').register(notes, {
    says: 'Viewers of one room at a time.',
  }),
  DRAPE_MAX_BITRATE_KBPS: whole(100, 100_000).prefault('4000').register(notes, {
    says: 'Most that a publisher may send and that a covered picture may take, in kilobits per second.',
  }),
  DRAPE_MAX_REQUESTS: whole(1, 1_000_000).prefault('300').register(notes, {
    says: 'API requests per minute and address.',
  }),
  DRAPE_MAX_FAILED_TOKENS: whole(1, 10_000).prefault('20').register(notes, {
    says: 'Refused tokens per minute and address; then that address waits.',
  }),
  DRAPE_INSIDE_FROM: share(LEAST_INSIDE)
    .optional()
    .register(notes, {
      says: 'How surely a picture must be inside the body for the profile `endoscope-strict` to show it, as `drape calibrate` printed it for the feed of this site.',
      fallback: `${LEAST_INSIDE}, the least that may be set`,
    }),
  DRAPE_ADMIN_LINK_DAYS: whole(1, 3650).prefault('30').register(notes, {
    says: "Days for which an administrator's link is good.",
  }),
});
export type Settings = z.infer<typeof settingsSchema>;

function isOrigin(given: string): boolean {
  if (!URL.canParse(given)) return false;
  const { protocol, pathname, search, hash, username } = new URL(given);
  const bare = pathname === '/' && search === '' && hash === '' && username === '';
  return (protocol === 'https:' || protocol === 'http:') && bare;
}
