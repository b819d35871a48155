import type { IncomingMessage } from 'node:http';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { rolldown } from 'rolldown';
import { z } from 'zod';
import type { Outlet, Side } from './side.ts';

const HTML = '<!doctype html><title>viewers</title><script type="module" src="/page.js"></script>';

const bodySchema = z.object({
  side: z.enum(['ours', 'raw']).optional(),
  index: z.int().nonnegative().optional(),
  dtlsParameters: z.unknown().optional(),
  rtpCapabilities: z.unknown().optional(),
});

export interface Served {
  readonly url: string;
  close(): Promise<void>;
}

/** Serves the page of viewers, and what it asks of the sides. */
export async function servePage(sides: readonly Side[]): Promise<Served> {
  const script = await bundle();
  const outlets: Outlet[] = [];
  const answer = async (name: string, body: z.infer<typeof bodySchema>): Promise<unknown> => {
    const side = sides.find((one) => one.name === body.side);
    const outlet = outlets[body.index ?? -1];
    if (name === 'capabilities' && side) return side.capabilities;
    if (name === 'open' && side) {
      const opened = await side.openTransport();
      outlets.push(opened);
      return { index: outlets.length - 1, transport: opened.describe() };
    }
    if (name === 'connect' && outlet) {
      await outlet.connect(body.dtlsParameters);
      return {};
    }
    if (name === 'consume' && outlet) return outlet.consume(body.rtpCapabilities);
    throw new Error(`nothing answers ${name}`);
  };
  const server = createServer((request, response) => {
    const name = (request.url ?? '').slice(1);
    if (request.method === 'GET') {
      const isScript = name === 'page.js';
      response.setHeader('content-type', isScript ? 'text/javascript' : 'text/html');
      response.end(isScript ? script : HTML);
      return;
    }
    readBody(request)
      .then((body) => answer(name, body))
      .then((value) => response.end(JSON.stringify(value)))
      .catch((error: unknown) => {
        response.writeHead(500).end(String(error));
      });
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : undefined;
  return {
    url: `http://127.0.0.1:${port}/`,
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => {
          resolve();
        });
        server.closeAllConnections();
      }),
  };
}

async function readBody(request: IncomingMessage): Promise<z.infer<typeof bodySchema>> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return bodySchema.parse(JSON.parse(Buffer.concat(chunks).toString()));
}

async function bundle(): Promise<string> {
  const build = await rolldown({
    input: join(import.meta.dirname, 'page.ts'),
    platform: 'browser',
    logLevel: 'silent',
  });
  const { output } = await build.generate({ format: 'esm', minify: false });
  await build.close();
  return output[0].code;
}
