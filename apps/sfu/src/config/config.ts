import { readFileSync } from 'node:fs';
import { isIP } from 'node:net';
import { join, resolve } from 'node:path';
import { announcedAddress, isLoopback, urlHost } from './addresses.ts';
import { ConfigError } from './errors.ts';
import { mediaWorkerBin } from './media-worker-bin.ts';
import { settingsSchema, type Settings } from './settings.ts';

/** Everything that can be set, parsed once and frozen. */
export interface Config {
  /** The project's folder. */
  readonly root: string;
  readonly host: string;
  /** 0: a free one. */
  readonly port: number;
  /** Origin that links begin with; undefined: made of host and the port that is listened on. */
  readonly publicUrl: string | undefined;
  /** PEM texts; undefined: plain HTTP. */
  readonly tls: { readonly cert: string; readonly key: string } | undefined;
  readonly trustProxy: boolean;
  readonly announcedAddress: string;
  /** Address that media sockets are bound to. */
  readonly rtcHost: string;
  /** Worker n listens on `rtcPort + n`; 0: free ones. */
  readonly rtcPort: number;
  readonly workers: number;
  readonly mediaWorkerBin: string;
  readonly dataDir: string;
  readonly webDir: string;
  readonly logLevel: Settings['DRAPE_LOG_LEVEL'];
  readonly limits: {
    readonly rooms: number;
    readonly viewersPerRoom: number;
    readonly maxBitrateBps: number;
    readonly requestsPerMinute: number;
    readonly failedTokensPerMinute: number;
  };
  readonly adminLinkDays: number;
  /** See StreamOptions.insideFrom; undefined: the least there is. */
  readonly insideFrom: number | undefined;
  /** For whoever runs the server: what was set and probably not meant. */
  readonly warnings: readonly string[];
}

/**
 * @param root the project's folder
 * @throws ConfigError naming the variable
 */
export function readConfig(env: NodeJS.ProcessEnv, root: string): Config {
  const given = parse(env);
  const host = given.DRAPE_HOST;
  const tls = readTls(given);
  return deepFreeze({
    root,
    host,
    port: given.DRAPE_PORT,
    publicUrl: given.DRAPE_PUBLIC_URL,
    tls,
    trustProxy: given.DRAPE_TRUST_PROXY,
    announcedAddress: given.DRAPE_ANNOUNCED_ADDRESS ?? announcedAddress(host),
    rtcHost: isIP(host) === 0 ? announcedAddress(host) : host,
    rtcPort: given.DRAPE_RTC_PORT,
    workers: given.DRAPE_WORKERS,
    mediaWorkerBin: mediaWorkerBin(root),
    dataDir: resolve(root, given.DRAPE_DATA_DIR ?? '.drape'),
    webDir: join(root, 'apps', 'web'),
    logLevel: given.DRAPE_LOG_LEVEL,
    limits: {
      rooms: given.DRAPE_MAX_ROOMS,
      viewersPerRoom: given.DRAPE_MAX_VIEWERS,
      maxBitrateBps: given.DRAPE_MAX_BITRATE_KBPS * 1000,
      requestsPerMinute: given.DRAPE_MAX_REQUESTS,
      failedTokensPerMinute: given.DRAPE_MAX_FAILED_TOKENS,
    },
    adminLinkDays: given.DRAPE_ADMIN_LINK_DAYS,
    insideFrom: given.DRAPE_INSIDE_FROM,
    warnings: [...unknownNames(env), ...insecureContext(given, tls !== undefined)],
  });
}

/** The origin that people use, once the port is known. */
export function publicUrl(config: Config, port: number): string {
  const scheme = config.tls === undefined ? 'http' : 'https';
  return config.publicUrl ?? `${scheme}://${urlHost(config.host)}:${port}`;
}

function parse(env: NodeJS.ProcessEnv): Settings {
  // An empty variable is what `NAME= command` and many .env files mean by "not set".
  const set = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ''));
  const result = settingsSchema.safeParse(set);
  if (result.success) return result.data;
  const lines = result.error.issues.map(
    ({ path, message }) =>
      `  ${path.join('.')}: ${message} (it is "${env[String(path[0])] ?? ''}")`,
  );
  throw new ConfigError(
    'invalid',
    `The configuration can't be used:\n${lines.join('\n')}\ndocs/configuration.md says what each variable may hold.`,
    result.error,
  );
}

function readTls({ DRAPE_TLS_CERT, DRAPE_TLS_KEY }: Settings): Config['tls'] {
  if (DRAPE_TLS_CERT === undefined && DRAPE_TLS_KEY === undefined) return undefined;
  if (DRAPE_TLS_CERT === undefined || DRAPE_TLS_KEY === undefined) {
    throw new ConfigError(
      'conflict',
      'DRAPE_TLS_CERT and DRAPE_TLS_KEY go together: set both for HTTPS, or neither.',
    );
  }
  return {
    cert: read('DRAPE_TLS_CERT', DRAPE_TLS_CERT),
    key: read('DRAPE_TLS_KEY', DRAPE_TLS_KEY),
  };
}

function read(name: string, path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    throw new ConfigError('unreadable', `${name}: "${path}" can't be read.`, cause);
  }
}

/** Variables of other programs of this project. */
const others = ['DRAPE_DEBUG', 'DRAPE_WORKER_PARENT'];

function unknownNames(env: NodeJS.ProcessEnv): string[] {
  const known = new Set([...Object.keys(settingsSchema.shape), ...others]);
  return Object.keys(env)
    .filter((name) => name.startsWith('DRAPE_') && !known.has(name))
    .map((name) => `${name} is set, but no such variable exists: see docs/configuration.md.`);
}

function insecureContext(given: Settings, hasTls: boolean): string[] {
  const url = given.DRAPE_PUBLIC_URL;
  const isSecure =
    url === undefined
      ? hasTls || isLoopback(given.DRAPE_HOST)
      : url.startsWith('https:') || isLoopback(new URL(url).hostname);
  if (isSecure) return [];
  return [
    'Pages are served over plain HTTP to other machines: their browsers will give no camera. Set DRAPE_TLS_CERT and DRAPE_TLS_KEY, or DRAPE_PUBLIC_URL to the https address of a proxy.',
  ];
}

function deepFreeze<T extends object>(value: T): Readonly<T> {
  for (const inner of Object.values(value)) {
    if (typeof inner === 'object' && inner !== null) deepFreeze(inner as object);
  }
  return Object.freeze(value);
}
