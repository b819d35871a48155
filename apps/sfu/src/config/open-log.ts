import { pino, type DestinationStream, type Logger } from 'pino';
import type { Config } from './config.ts';

/** A signed token, whole or cut off behind its second part, wherever it stands. */
const token = /eyJ[\w-]{8,}(?:\.[\w-]+){0,2}/g;
/** What follows these names in running text. */
const bearer = /(Bearer\s+|[#?&]t=)[\w.~+/-]+/gi;
const hidden = '[hidden]';

/** Fields that are never written, one level deep as well: request headers, handshakes, keys. */
const secretFields = [
  'token',
  'authorization',
  'cookie',
  'auth',
  'link',
  'signingKey',
  'privateKey',
  'd',
  'icePassword',
  'password',
];

/**
 * The program's log: JSON lines. No token and no key gets into it: named fields are taken out, and every line
 * is searched for what looks like a token before it is written, error messages and stacks included.
 */
export function openLog(level: Config['logLevel'], destination?: DestinationStream): Logger {
  const options = {
    level,
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    redact: {
      paths: secretFields.flatMap((name) => [name, `*.${name}`, `*.*.${name}`]),
      censor: hidden,
    },
    hooks: {
      streamWrite: (line: string) => line.replace(token, hidden).replace(bearer, `$1${hidden}`),
    },
  };
  // Written at once: the last lines before a crash are those that are needed.
  return pino(options, destination ?? pino.destination({ dest: 1, sync: true }));
}
