import { createServer, type ServerResponse } from 'node:http';
import { readFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import path from 'node:path';

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.mjs': 'text/javascript',
  '.json': 'application/json',
  '.wasm': 'application/wasm',
};

/** What stands in for a file below the root: another text, for faults. */
export type Overrides = Readonly<Record<string, string>>;

export interface TestServer extends AsyncDisposable {
  readonly origin: string;
  /** Replaces files from now on. */
  override(overrides: Overrides): void;
}

/** Serves a folder on a loopback port, cross-origin isolated, with the product's strict policy. */
export async function serveFolder(root: string): Promise<TestServer> {
  let overrides: Overrides = {};
  const server = createServer((request, response) => {
    const name = decodeURIComponent(new URL(request.url ?? '/', 'http://x').pathname);
    void answer(response, { root, name, overrides });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    origin: `http://127.0.0.1:${port}`,
    override(next) {
      overrides = next;
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function answer(
  response: ServerResponse,
  { root, name, overrides }: { root: string; name: string; overrides: Overrides },
): Promise<void> {
  const file = path.join(root, path.normalize(name));
  const override = overrides[name];
  const body =
    override === undefined ? await readFile(file).catch(() => undefined) : Buffer.from(override);
  if (!body) {
    response.writeHead(404).end();
    return;
  }
  response.writeHead(200, {
    'content-type': TYPES[path.extname(file)] ?? 'application/octet-stream',
    'cache-control': 'no-store',
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-embedder-policy': 'require-corp',
    'content-security-policy':
      "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self'; connect-src 'self'; media-src 'self' blob:",
  });
  response.end(body);
}
