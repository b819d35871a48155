import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { openAccess, type Access } from '../../src/access/index.ts';
import { openLog, readConfig } from '../../src/config/index.ts';
import { openHttp, openRegistry, type HttpFront, type Phase } from '../../src/http/index.ts';
import type { WebProgram } from '../../src/http/web/web-server.ts';
import { openFileStore } from '../../src/store/index.ts';
import { temporaryFolder } from '../store/support.ts';
import { pages } from './pages-program.ts';

const root = join(import.meta.dirname, '..', '..', '..', '..');

/** The set-up has not built the pages. */
export const noPages: WebProgram = { ...pages, find: () => ({ missing: 'not built' }) };

export interface Place {
  readonly front: HttpFront;
  readonly access: Access;
  /** Everything that was logged. */
  readonly logged: () => string;
  /** The token of an administrator. */
  readonly token: string;
  phase: Phase;
  checks: Record<string, string>;
  fetch(path: string, init?: RequestInit & { token?: string }): Promise<Response>;
}

/** A real server on a free loopback port, with its own store; it goes with the test. */
export async function openPlace(
  env: NodeJS.ProcessEnv = {},
  web: WebProgram = noPages,
): Promise<Place> {
  const lines: string[] = [];
  const log = openLog('trace', { write: (line: string) => void lines.push(line) });
  const config = readConfig({ DRAPE_PORT: '0', DRAPE_DATA_DIR: temporaryFolder(), ...env }, root);
  const store = openFileStore(config.dataDir);
  const { limits, adminLinkDays } = config;
  const access = await openAccess({ store, limits, adminLinkDays });
  const place = { phase: 'running' as Phase, checks: { media: 'ok' } as Record<string, string> };
  const front = await openHttp({
    ...{ config, access, log, web, version: '1.2.3', registry: openRegistry() },
    stateOf: () => ({ live: false, mode: 'off', sinceMs: 0, viewers: 0 }),
    phase: () => place.phase,
    checks: () => place.checks,
  });
  onTestFinished(async () => {
    await front.close();
    await store.close();
  });
  const { token } = await access.createAdministrator();
  return Object.assign(place, {
    ...{ front, access, token, logged: () => lines.join('') },
    fetch: (
      path: string,
      { token: bearer, headers, ...init }: Parameters<Place['fetch']>[1] = {},
    ) =>
      fetch(`${localUrl(front)}${path}`, {
        ...init,
        redirect: 'manual',
        headers: {
          ...(bearer === undefined ? {} : { authorization: `Bearer ${bearer}` }),
          ...(init.body === undefined ? {} : { 'content-type': 'application/json' }),
          ...(headers as Record<string, string> | undefined),
        },
      }),
  });
}

/** Where it listens, whatever its public address is. */
export function localUrl({ server }: HttpFront): string {
  const address = server.address();
  if (typeof address !== 'object' || address === null) throw new Error('it does not listen');
  return `http://127.0.0.1:${address.port}`;
}
