import type { IncomingMessage } from 'node:http';
import { LiveError, type Role } from '@drape/contract';
import type { Grant } from '../access/index.ts';

export interface Call {
  readonly request: IncomingMessage;
  readonly grant: Grant;
  /** The part of the path that a route's `:id` stands for; "" where it has none. */
  readonly id: string;
}

export interface Answer {
  readonly status: number;
  readonly body: object;
}

export interface Route {
  readonly method: 'GET' | 'POST' | 'DELETE';
  /** Such as `/api/rooms/:id/invites`; it also stands for the request in log and metrics. */
  readonly path: string;
  /** Who may; undefined: everyone with a good token. */
  readonly only?: Role;
  handle(call: Call): Promise<Answer> | Answer;
}

export interface Match {
  readonly route: Route;
  readonly id: string;
}

/** Nothing that names anything here looks otherwise. */
const idPattern = /^[A-Za-z0-9_-]{1,64}$/;

/** @throws LiveError `not-found`; `MethodNotAllowed` as `allowed` when the path is there for other methods */
export function findRoute(
  routes: readonly Route[],
  method: string,
  path: string,
): Match | { readonly allowed: readonly string[] } {
  const matches = routes.flatMap((route) => {
    const id = idIn(route.path, path);
    return id === undefined ? [] : [{ route, id }];
  });
  if (matches.length === 0) throw new LiveError('not-found', 'There is nothing at this address.');
  const wanted = method === 'HEAD' ? 'GET' : method;
  const match = matches.find(({ route }) => route.method === wanted);
  return match ?? { allowed: matches.map(({ route }) => route.method) };
}

function idIn(pattern: string, path: string): string | undefined {
  const wanted = pattern.split('/');
  const given = path.split('/');
  if (wanted.length !== given.length) return undefined;
  let id = '';
  for (const [index, part] of wanted.entries()) {
    const found = given[index] ?? '';
    if (part === ':id' && idPattern.test(found)) id = found;
    else if (part !== found) return undefined;
  }
  return id;
}
