import type { IncomingMessage } from 'node:http';
import { LiveError } from '@drape/contract';
import type * as z from 'zod';

/** The largest body of the API has a title of 100 characters. */
export const mostBodyBytes = 65_536;

/**
 * Reads a JSON body and parses it.
 * @throws LiveError `malformed` naming the fields, never their values; `too-large`
 */
export async function readBody<T>(request: IncomingMessage, schema: z.ZodType<T>): Promise<T> {
  const type = request.headers['content-type']?.split(';')[0]?.trim().toLowerCase();
  if (type !== 'application/json') {
    throw new LiveError('malformed', 'The body must be application/json.');
  }
  const parsed = schema.safeParse(jsonOf(await readText(request)));
  if (parsed.success) return parsed.data;
  const fields = parsed.error.issues.map(
    ({ path, message }) => `${path.join('.') || 'body'}: ${message}`,
  );
  throw new LiveError('malformed', fields.slice(0, 5).join('; ').slice(0, 900));
}

async function readText(request: IncomingMessage): Promise<string> {
  // What is announced too large is not even begun.
  if (Number(request.headers['content-length'] ?? 0) > mostBodyBytes) throw tooLarge();
  const parts: Buffer[] = [];
  let sizeBytes = 0;
  for await (const part of request as AsyncIterable<Buffer>) {
    sizeBytes += part.length;
    if (sizeBytes > mostBodyBytes) throw tooLarge();
    parts.push(part);
  }
  return Buffer.concat(parts).toString('utf8');
}

function tooLarge(): LiveError {
  return new LiveError('too-large', `A body has at most ${mostBodyBytes} bytes.`);
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new LiveError('malformed', 'The body is not JSON.');
  }
}
