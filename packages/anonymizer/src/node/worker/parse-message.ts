import {
  CALL_ERROR_REASONS,
  LOG_LEVELS,
  type Body,
  type CallError,
  type SlotRef,
  type WireMap,
  type WireMessage,
  type WireValue,
} from './messages.ts';

/** A packet that is well framed but is no message: a field is missing or of the wrong kind. */
export class MessageError extends Error {
  override readonly name = 'MessageError';
}

const MAX_NAME_LENGTH = 256;
const MAX_TEXT_LENGTH = 64 * 1024;
const MAX_LIST_LENGTH = 1024;

type Fields = Readonly<Record<string, unknown>>;

function isMap(value: unknown): value is Fields {
  return (
    typeof value === 'object' &&
    value !== null &&
    !Array.isArray(value) &&
    !(value instanceof Uint8Array)
  );
}

function fail(field: string, expected: string): never {
  throw new MessageError(`field ${field} is not ${expected}`);
}

/** A whole number from `min`; what msgpack calls an integer may be past what a double holds. */
function integer(fields: Fields, name: string, min = 0): number {
  const value = fields[name];
  if (!Number.isSafeInteger(value) || (value as number) < min) fail(name, `an integer >= ${min}`);
  return value as number;
}

function text(fields: Fields, name: string, maxLength = MAX_NAME_LENGTH): string {
  const value = fields[name];
  if (typeof value !== 'string' || value.length > maxLength) fail(name, `text <= ${maxLength}`);
  return value;
}

function boolean(fields: Fields, name: string): boolean {
  const value = fields[name];
  if (typeof value !== 'boolean') fail(name, 'true or false');
  return value;
}

function failure(fields: Fields): Omit<CallError, 't' | 'id'> {
  return {
    reason: oneOf(fields, 'reason', CALL_ERROR_REASONS),
    type: text(fields, 'type'),
    message: text(fields, 'message', MAX_TEXT_LENGTH),
    trace: text(fields, 'trace', MAX_TEXT_LENGTH),
  };
}

function list(fields: Fields, name: string): readonly unknown[] {
  const value = fields[name];
  if (!Array.isArray(value) || value.length > MAX_LIST_LENGTH) fail(name, 'a short list');
  return value;
}

function map(fields: Fields, name: string): Fields {
  const value = fields[name];
  if (!isMap(value)) fail(name, 'a map');
  return value;
}

function oneOf<T extends string>(fields: Fields, name: string, known: readonly T[]): T {
  const value = fields[name];
  const found = known.find((item) => item === value);
  return found ?? fail(name, `one of ${known.join(', ')}`);
}

/** Present, whatever it is: msgpack without extensions yields nothing but WireValues. */
function value(fields: Fields, name: string): WireValue {
  if (fields[name] === undefined) fail(name, 'present');
  return fields[name] as WireValue;
}

function body(fields: Fields): Body {
  return {
    ...(fields['slot'] === undefined ? {} : { slot: slotRef(fields) }),
    ...(fields['totalBytes'] === undefined ? {} : { totalBytes: integer(fields, 'totalBytes', 1) }),
    ...inflated(fields),
  };
}

function inflated(fields: Fields): { inflatedBytes?: number } {
  if (fields['inflatedBytes'] === undefined) return {};
  return { inflatedBytes: integer(fields, 'inflatedBytes', 1) };
}

function slotRef(fields: Fields): SlotRef {
  const pair = list(fields, 'slot');
  const [index, sizeBytes] = pair;
  const sound = pair.length === 2 && isCount(index) && isCount(sizeBytes);
  return sound ? [index, sizeBytes] : fail('slot', '[index, bytes]');
}

function isCount(item: unknown): item is number {
  return Number.isSafeInteger(item) && (item as number) >= 0;
}

function numbers(fields: Fields): Record<string, number> {
  const entries = Object.entries(fields);
  if (entries.length > MAX_LIST_LENGTH) fail('values', 'a short map');
  return Object.fromEntries(
    entries.map(([name, item]) => [name, typeof item === 'number' ? item : fail(name, 'a number')]),
  );
}

/**
 * Checks a decoded header once; behind it the types are trusted. Unknown fields are dropped, so
 * that a later minor version can add some. Throws MessageError.
 */
export function parseMessage(header: unknown): WireMessage {
  if (!isMap(header)) throw new MessageError('the header is not a map');
  const fields = header;
  switch (fields['t']) {
    case 'call':
      return {
        t: 'call',
        id: integer(fields, 'id', 1),
        method: text(fields, 'method'),
        key: fields['key'] === null ? null : text(fields, 'key'),
        order: oneOf(fields, 'order', ['none', 'serial']),
        timeoutMs: fields['timeoutMs'] === null ? null : integer(fields, 'timeoutMs'),
        args: value(fields, 'args'),
        ...body(fields),
      };
    case 'result':
      return {
        t: 'result',
        id: integer(fields, 'id', 1),
        value: value(fields, 'value'),
        ...body(fields),
      };
    case 'error':
      return { t: 'error', id: integer(fields, 'id', 1), ...failure(fields) };
    case 'fatal':
      return { t: 'fatal', ...failure(fields) };
    case 'cancel':
      return { t: 'cancel', id: integer(fields, 'id', 1) };
    case 'progress':
      return { t: 'progress', id: integer(fields, 'id', 1), value: value(fields, 'value') };
    case 'part':
      return {
        t: 'part',
        of: oneOf(fields, 'of', ['call', 'result']),
        id: integer(fields, 'id', 1),
        ...inflated(fields),
      };
    case 'log':
      return {
        t: 'log',
        level: oneOf(fields, 'level', LOG_LEVELS),
        message: text(fields, 'message', MAX_TEXT_LENGTH),
        fields: map(fields, 'fields') as WireMap,
      };
    case 'metrics':
      return { t: 'metrics', values: numbers(map(fields, 'values')) };
    case 'ping':
      return { t: 'ping', n: integer(fields, 'n') };
    case 'pong':
      return { t: 'pong', n: integer(fields, 'n'), rssBytes: integer(fields, 'rssBytes') };
    case 'bye':
      return { t: 'bye' };
    case 'hello':
      return {
        t: 'hello',
        versions: list(fields, 'versions').map((v) => (isCount(v) ? v : fail('versions', 'whole'))),
        name: text(fields, 'name'),
        pid: integer(fields, 'pid', 1),
        python: text(fields, 'python'),
        methods: list(fields, 'methods').map((m) =>
          typeof m === 'string' ? m : fail('methods', 'texts'),
        ),
        models: list(fields, 'models').map((m) => {
          const model = isMap(m) ? m : fail('models', 'maps');
          return { id: text(model, 'id'), sha256: text(model, 'sha256') };
        }),
        maxInFlight: integer(fields, 'maxInFlight', 1),
      };
    case 'welcome': {
      const arena = fields['arena'] === null ? null : map(fields, 'arena');
      return {
        t: 'welcome',
        version: integer(fields, 'version', 1),
        maxPayloadBytes: integer(fields, 'maxPayloadBytes', 1),
        maxChunkBytes: integer(fields, 'maxChunkBytes', 1),
        maxInFlight: integer(fields, 'maxInFlight', 1),
        maxNotificationsPerSecond: integer(fields, 'maxNotificationsPerSecond', 1),
        arena: arena && {
          fd: integer(arena, 'fd'),
          slots: integer(arena, 'slots', 1),
          strideBytes: integer(arena, 'strideBytes', 1),
          offsetBytes: integer(arena, 'offsetBytes'),
        },
        deflate: boolean(fields, 'deflate'),
      };
    }
    default:
      throw new MessageError('the message type is unknown');
  }
}
