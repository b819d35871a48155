import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { ConfigError, isLoopback, publicUrl, readConfig } from '../../src/config/index.ts';
import { announcedAddress, urlHost } from '../../src/config/addresses.ts';
import { document } from '../../src/config/document.ts';

const root = join(import.meta.dirname, '..', '..', '..', '..');
const read = (env: NodeJS.ProcessEnv = {}) => readConfig(env, root);

test('docs/configuration.md says what the schema says', async () => {
  await expect(document()).toMatchFileSnapshot(join(root, 'docs', 'configuration.md'));
});

test('without any variable the server is for this machine only', () => {
  const config = read();
  expect(config).toMatchObject({
    host: '127.0.0.1',
    port: 4600,
    announcedAddress: '127.0.0.1',
    tls: undefined,
    trustProxy: false,
    dataDir: join(root, '.drape'),
    warnings: [],
  });
  expect(publicUrl(config, 4600)).toBe('http://127.0.0.1:4600');
});

test('the configuration is frozen, inside as well', () => {
  const { limits } = read();
  expect(Object.isFrozen(limits)).toBe(true);
});

test.each([
  ['DRAPE_PORT', '70000', /DRAPE_PORT: must be from 0 to 65535 \(it is "70000"\)/],
  ['DRAPE_PORT', '46oo', /DRAPE_PORT: must be a whole number/],
  ['DRAPE_WORKERS', '0', /DRAPE_WORKERS: must be from 1/],
  ['DRAPE_PUBLIC_URL', 'live.example.org', /DRAPE_PUBLIC_URL: must be like https:/],
  ['DRAPE_PUBLIC_URL', 'https://live.example.org/live?x', /without a path/],
  ['DRAPE_PUBLIC_URL', 'ftp://live.example.org', /DRAPE_PUBLIC_URL/],
  ['DRAPE_TRUST_PROXY', 'yes', /DRAPE_TRUST_PROXY: must be 0 or 1/],
  ['DRAPE_LOG_LEVEL', 'loud', /DRAPE_LOG_LEVEL/],
])('%s=%s is refused by name', (name, value, message) => {
  expect(() => read({ [name]: value })).toThrow(ConfigError);
  expect(() => read({ [name]: value })).toThrow(message);
});

test('every wrong variable is named at once', () => {
  expect(() => read({ DRAPE_PORT: 'x', DRAPE_WORKERS: 'y' })).toThrow(
    /DRAPE_PORT[^]*DRAPE_WORKERS/,
  );
});

test('an empty variable counts as not set', () => {
  expect(read({ DRAPE_PORT: '', DRAPE_PUBLIC_URL: '' }).port).toBe(4600);
});

test('half a pair of TLS files is a conflict, and a file that is not there is named', () => {
  expect(() => read({ DRAPE_TLS_CERT: 'a.pem' })).toThrow(/go together/);
  const files = { DRAPE_TLS_CERT: '/nowhere/a.pem', DRAPE_TLS_KEY: '/nowhere/b.pem' };
  expect(() => read(files)).toThrow(/DRAPE_TLS_CERT: "\/nowhere\/a.pem" can't be read/);
});

test('TLS files are read, and links become https', () => {
  const folder = mkdtempSync(join(tmpdir(), 'drape-config-'));
  onTestFinished(() => {
    rmSync(folder, { recursive: true });
  });
  const file = join(folder, 'x.pem');
  writeFileSync(file, 'PEM');
  const config = read({ DRAPE_TLS_CERT: file, DRAPE_TLS_KEY: file, DRAPE_HOST: '192.0.2.7' });
  expect(config.tls).toEqual({ cert: 'PEM', key: 'PEM' });
  expect(publicUrl(config, 443)).toBe('https://192.0.2.7:443');
  expect(config.warnings).toEqual([]);
});

test('plain HTTP for other machines is a warning: their browsers give no camera', () => {
  expect(read({ DRAPE_HOST: '0.0.0.0' }).warnings).toEqual([expect.stringMatching(/no camera/)]);
  const behindProxy = { DRAPE_HOST: '0.0.0.0', DRAPE_PUBLIC_URL: 'https://live.example.org' };
  expect(read(behindProxy).warnings).toEqual([]);
});

test('a variable that is spelt wrong is a warning', () => {
  expect(read({ DRAPE_PROT: '1' }).warnings).toEqual([expect.stringContaining('DRAPE_PROT')]);
});

test('listening everywhere announces the first address that is not loopback', () => {
  const address = { netmask: '', mac: '', cidr: null, family: 'IPv4' as const };
  const interfaces = {
    lo: [{ ...address, address: '127.0.0.1', internal: true }],
    eth0: [{ ...address, address: '192.0.2.9', internal: false }],
  };
  expect(announcedAddress('0.0.0.0', interfaces)).toBe('192.0.2.9');
  expect(announcedAddress('192.0.2.1', interfaces)).toBe('192.0.2.1');
  expect(announcedAddress('0.0.0.0', {})).toBe('127.0.0.1');
});

test.each([
  ['127.0.0.1', true],
  ['127.8.9.1', true],
  ['::1', true],
  ['[::1]', true],
  ['::ffff:127.0.0.1', true],
  ['localhost', true],
  ['127.0.0.1.example.org', false],
  ['192.0.2.1', false],
  ['0.0.0.0', false],
])('%s is loopback: %s', (host, expected) => {
  expect(isLoopback(host)).toBe(expected);
});

test('an IPv6 host is bracketed in a URL', () => {
  expect(urlHost('2001:db8::1')).toBe('[2001:db8::1]');
});
