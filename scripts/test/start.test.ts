import { spawn, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { hasMediaWorker } from '../setup/media-worker.mjs';
import { temporaryRoot } from './support/workplace.ts';

const root = join(import.meta.dirname, '..', '..');
const start = join(root, 'scripts', 'entries', 'start.ts');
const isSetUp = hasMediaWorker(root) && existsSync(join(root, 'apps', 'web', '.next', 'BUILD_ID'));

/** Runs `npm start`'s program until it says how to end it. */
async function started(
  dataDir: string,
  { args = [], env = {} }: { args?: string[]; env?: NodeJS.ProcessEnv } = {},
) {
  const settings = { DRAPE_DATA_DIR: dataDir, DRAPE_PORT: '0', DRAPE_RTC_PORT: '0' };
  const child = spawn(process.execPath, [start, ...args], {
    cwd: root,
    env: { ...process.env, ...settings, DRAPE_WORKERS: '1', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  onTestFinished(() => {
    child.kill('SIGKILL');
  });
  let text = '';
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  const up = new Promise<void>((resolve) => {
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (part) => {
        text += String(part);
        if (text.includes('Ctrl-C ends')) resolve();
      });
    }
  });
  await Promise.race([up, ended]);
  return { child, ended, text: () => text };
}

// Four starts of the whole product, on a machine that may be busy.
test.skipIf(!isSetUp)(
  'npm start tells the link once, its page answers, and Ctrl-C ends everything',
  async () => {
    const dataDir = temporaryRoot();
    const first = await started(dataDir);
    const link = /http:\S+\/admin#t=\S+/.exec(first.text())?.[0] ?? '';
    const url = new URL(link);
    const page = await fetch(url.origin + url.pathname);
    expect(page.status).toBe(200);
    expect(page.headers.get('content-type')).toMatch(/^text\/html/);
    const headers = { authorization: `Bearer ${url.hash.slice('#t='.length)}` };
    const me = await fetch(`${url.origin}/api/me`, { headers });
    expect(await me.json()).toMatchObject({ role: 'administrator' });
    first.child.kill('SIGINT');
    expect(await first.ended).toBe(0);
    await expect(fetch(url.origin)).rejects.toThrow('fetch failed');

    const second = await started(dataDir);
    expect(second.text()).not.toContain('#t=');
    expect(second.text()).toContain('npm start -- --new-admin-link');
    // A second server on the same folder or port says so, and ends.
    const beside = await started(dataDir);
    expect(await beside.ended).toBe(1);
    expect(beside.text()).toMatch(/in use by another server/);
    second.child.kill('SIGTERM');
    expect(await second.ended).toBe(0);

    const third = await started(dataDir, { args: ['--new-admin-link'] });
    const another = /http:\S+\/admin#t=\S+/.exec(third.text())?.[0];
    expect(another).toBeDefined();
    expect(another).not.toBe(link);
  },
  300_000,
);

test('a wrong variable ends the start by name', async () => {
  const wrong = await started(temporaryRoot(), { env: { DRAPE_PORT: 'http' } });
  expect(await wrong.ended).toBe(1);
  expect(wrong.text()).toMatch(/DRAPE_PORT: must be a whole number.*docs\/configuration\.md/s);
});

test('what npm start does not know it says', () => {
  const { status, stderr } = spawnSync(process.execPath, [start, '--smaple'], { encoding: 'utf8' });
  expect(status).toBe(2);
  expect(stderr).toContain('--sample or --new-admin-link');
});
