import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { get } from 'node:https';
import { join } from 'node:path';
import { Server } from 'socket.io';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../store/support.ts';
import { localUrl, openPlace } from './front.ts';

test('answers of what is attached to the server have the headers as well', async () => {
  const place = await openPlace();
  const io = new Server(place.front.server);
  const answer = await place.fetch('/socket.io/?EIO=4&transport=polling');
  expect(answer.status).toBe(200);
  expect(answer.headers.get('content-security-policy')).toContain("default-src 'self'");
  expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
  io.engine.close();
});

/** A certificate for this test alone. */
function certificate(): { cert: string; key: string } | undefined {
  const folder = temporaryFolder();
  const [cert, key] = [join(folder, 'cert.pem'), join(folder, 'key.pem')];
  const kind = [
    '-newkey',
    'ec',
    '-pkeyopt',
    'ec_paramgen_curve:prime256v1',
    '-nodes',
    '-days',
    '1',
  ];
  const name = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=IP:127.0.0.1'];
  const args = ['req', '-x509', ...kind, ...name, '-keyout', key, '-out', cert];
  return spawnSync('openssl', args).status === 0 ? { cert, key } : undefined;
}

test('with a certificate it speaks HTTPS, and asks browsers to stay with it', async (context) => {
  const files = certificate();
  if (files === undefined) return context.skip('openssl is not there to make a certificate');
  const place = await openPlace({ DRAPE_TLS_CERT: files.cert, DRAPE_TLS_KEY: files.key });
  expect(place.front.url).toMatch(/^https:\/\/127\.0\.0\.1:\d+$/);
  const headers = await new Promise((resolve, reject) => {
    const ca = readFileSync(files.cert);
    get(`${place.front.url}/health`, { ca }, (response) => {
      response.resume();
      resolve(response.headers);
    }).on('error', reject);
  });
  expect(headers).toMatchObject({ 'strict-transport-security': 'max-age=31536000' });
  await expect(fetch(localUrl(place.front))).rejects.toThrow('fetch failed');
});

test('a port that is taken is said with the variable to change', async () => {
  const place = await openPlace();
  const { port } = new URL(localUrl(place.front));
  await expect(openPlace({ DRAPE_PORT: port })).rejects.toThrow(/in use.*DRAPE_PORT/);
});
