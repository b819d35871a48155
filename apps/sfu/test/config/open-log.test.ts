import { expect, test } from 'vitest';
import { openLog } from '../../src/config/index.ts';

const jwt = 'eyJhbGciOiJFZERTQSJ9.eyJyb2xlIjoidmlld2VyIn0.c2lnbmF0dXJlLW9mLWEtdG9rZW4';
const secret = 'c2VjcmV0';

function logged(write: (log: ReturnType<typeof openLog>) => void): string {
  const lines: string[] = [];
  write(openLog('debug', { write: (line: string) => void lines.push(line) }));
  return lines.join('');
}

test.each([
  [
    'in the message',
    (log: ReturnType<typeof openLog>) => {
      log.info(`got ${jwt}`);
    },
  ],
  [
    'in a field of any name',
    (log: ReturnType<typeof openLog>) => {
      log.warn({ note: `x ${jwt} y` }, 'm');
    },
  ],
  [
    'in an address',
    (log: ReturnType<typeof openLog>) => {
      log.info({ url: `/watch/r#t=${jwt}` }, 'm');
    },
  ],
  [
    'deep inside',
    (log: ReturnType<typeof openLog>) => {
      log.info({ a: { b: { c: { d: [jwt] } } } }, 'm');
    },
  ],
  [
    'in an error and its cause',
    (log: ReturnType<typeof openLog>) => {
      log.error({ err: new Error(`bad ${jwt}`, { cause: new Error(jwt) }) }, 'm');
    },
  ],
  [
    'without its signature',
    (log: ReturnType<typeof openLog>) => {
      log.info({ note: jwt.slice(0, 40) }, 'm');
    },
  ],
])('a token is never written: %s', (_name, write) => {
  const text = logged(write);
  expect(text).toContain('[hidden]');
  expect(text).not.toContain('eyJ');
  expect(text).not.toContain(jwt.split('.')[2]);
  expect(
    text
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as unknown),
  ).toHaveLength(1);
});

test.each(['token', 'authorization', 'cookie', 'link', 'signingKey', 'd', 'password'])(
  'a field called "%s" is never written, also inside of others',
  (name) => {
    const text = logged((log) => {
      log.info({ [name]: secret, headers: { [name]: secret }, a: { b: { [name]: secret } } }, 'm');
    });
    expect(text).not.toContain(secret);
    expect(text.match(/\[hidden\]/g)).toHaveLength(3);
  },
);

test('an opaque bearer value is hidden by what stands before it', () => {
  const text = logged((log) => {
    log.info({ note: `Authorization: Bearer ${secret}` }, 'm');
  });
  expect(text).not.toContain(secret);
});

test('what is no secret is written as it is, as one JSON line with its time', () => {
  const text = logged((log) => {
    log.info({ room: 'abcd', viewers: 3 }, 'viewer joined');
  });
  expect(JSON.parse(text)).toEqual({
    level: 30,
    time: expect.stringMatching(/^\d{4}-/) as string,
    room: 'abcd',
    viewers: 3,
    msg: 'viewer joined',
  });
});
