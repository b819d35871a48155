import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { looksOffline } from '../setup/command.mjs';
import { missingPackages } from '../setup/lockfile.mjs';
import { checkNodeVersion, exactNode } from '../setup/node-version.mjs';
import { temporaryRoot } from './support/workplace.ts';

const locked = {
  '': {},
  'node_modules/a': { version: '1.0.0', integrity: 'sha512-a' },
  'node_modules/other-system': { version: '1.0.0', integrity: 'sha512-o', optional: true },
};

function put(root: string, path: string, content: unknown): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), JSON.stringify(content));
}

function project(installed: Record<string, unknown>): string {
  const root = temporaryRoot();
  put(root, 'package-lock.json', { packages: locked });
  put(root, 'node_modules/.package-lock.json', { packages: installed });
  put(root, 'node_modules/a/package.json', {});
  return root;
}

test('nothing is missing when npm noted what the lock file asks for, other systems apart', () => {
  expect(missingPackages(project({ 'node_modules/a': locked['node_modules/a'] }))).toEqual([]);
});

test.each([
  ['never installed', {}],
  ['another version', { 'node_modules/a': { version: '1.0.1', integrity: 'sha512-a' } }],
  ['another content', { 'node_modules/a': { version: '1.0.0', integrity: 'sha512-b' } }],
])('a package is missing: %s', (_name, installed) => {
  expect(missingPackages(project(installed))).toEqual(['node_modules/a']);
});

test('a package whose folder was deleted is missing, and so is all of an interrupted install', () => {
  const root = temporaryRoot();
  put(root, 'package-lock.json', { packages: locked });
  expect(missingPackages(root)).toEqual(['node_modules/a']);
  put(root, 'node_modules/.package-lock.json', { packages: locked });
  expect(missingPackages(root)).toContain('node_modules/a');
});

test("an install without this system's exact Node is not complete", () => {
  const exact = `node_modules/node-${process.platform}-${process.arch}`;
  const root = project({});
  put(root, 'package-lock.json', { packages: { [exact]: { version: '24.0.0', optional: true } } });
  expect(missingPackages(root)).toEqual([exact]);
});

test('an old Node is refused with what to do', () => {
  expect(() => {
    checkNodeVersion('18.20.1');
  }).toThrow(/18\.20\.1 is too old.*Node 20 or newer/);
});

test("where npm has no exact Node, the machine's own is taken if it is new enough", () => {
  const root = temporaryRoot();
  const machine = { ...process.versions, path: '/opt/node' };
  expect(exactNode(root, { ...machine, node: '24.1.0' })).toBe('/opt/node');
  expect(() => exactNode(root, { ...machine, node: '20.20.2' })).toThrow(
    /install Node 24 or newer/,
  );
});

test.each([
  'npm error code ENOTFOUND',
  'npm error request to https://registry.example/ failed, reason: connect ECONNREFUSED',
  'Temporary failure in name resolution',
])('an absent network is recognised: %s', (line) => {
  expect(looksOffline(line)).toBe(true);
});
