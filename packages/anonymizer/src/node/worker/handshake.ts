import type { Arena } from './arena.ts';
import { RemoteError, WorkerError } from './errors.ts';
import { FramingError } from './framing.ts';
import { Link, type LinkOptions } from './link.ts';
import { PROTOCOL_VERSIONS } from './limits.ts';
import type { Fatal, Hello, Welcome, WireMessage } from './messages.ts';
import { PacketParser } from './packet-parser.ts';
import { PacketWriter } from './packet-writer.ts';
import { MessageError, parseMessage } from './parse-message.ts';

/** The descriptor that a worker inherits its arena as. */
export const ARENA_FD = 3;

/**
 * Waits for hello, answers welcome, and hands over to a Link. Rejects with a WorkerError for a
 * worker that can't start, speaks another version or does not speak the protocol. Whoever
 * calls it races it against the exit and a timeout.
 */
export function openLink(options: LinkOptions): Promise<Link> {
  const { input, name } = options;
  const parser = new PacketParser(options.limits);
  const { promise, resolve, reject } = Promise.withResolvers<Link>();
  let link: Link | undefined;
  input.on('data', (chunk: Buffer) => {
    if (link) {
      link.receive(chunk);
      return;
    }
    try {
      for (const packet of parser.push(chunk)) {
        const hello = expectHello(name, parseMessage(packet.header));
        welcome(options, hello);
        link = new Link(options, { hello, parser });
        resolve(link);
        // What follows hello in the same chunk is in the parser; it comes with the next bytes.
        link.receive(Buffer.alloc(0));
        return;
      }
    } catch (error) {
      reject(asWorkerError(name, error));
    }
  });
  return promise;
}

function expectHello(name: string, message: WireMessage): Hello {
  if (message.t === 'hello') return message;
  if (message.t === 'fatal') throw fatalError(name, message);
  throw new MessageError(`a ${message.t} before hello`);
}

function fatalError(worker: string, fatal: Fatal): WorkerError {
  const reason = fatal.reason === 'method-failed' ? 'start-failed' : fatal.reason;
  const cause = new RemoteError(fatal.type, fatal.message, fatal.trace);
  return new WorkerError(reason, { worker, detail: cause.message, cause });
}

function welcome(options: LinkOptions, hello: Hello): void {
  const version = PROTOCOL_VERSIONS.find((known) => hello.versions.includes(known));
  if (version === undefined) {
    const detail = `it speaks ${hello.versions.join(', ')}, this side ${PROTOCOL_VERSIONS.join(', ')}`;
    throw new WorkerError('version-mismatch', { worker: options.name, detail });
  }
  new PacketWriter(options.output, options.limits, options).send({
    t: 'welcome',
    version,
    maxPayloadBytes: options.limits.maxPayloadBytes,
    maxChunkBytes: options.limits.maxChunkBytes,
    maxInFlight: options.maxIncomingCalls,
    maxNotificationsPerSecond: options.maxNotificationsPerSecond,
    arena: place(options.arena),
    deflate: options.deflate,
  });
}

function place(arena: Arena | undefined): Welcome['arena'] {
  if (!arena) return null;
  const { slots, strideBytes, offsetBytes } = arena;
  return { fd: ARENA_FD, slots, strideBytes, offsetBytes };
}

function asWorkerError(worker: string, error: unknown): WorkerError {
  if (error instanceof WorkerError) return error;
  const large = error instanceof FramingError && error.reason.endsWith('too-large');
  const detail = error instanceof Error ? `before hello: ${error.message}` : 'before hello';
  return new WorkerError(large ? 'oversized' : 'protocol-violation', {
    worker,
    detail,
    cause: error,
  });
}
