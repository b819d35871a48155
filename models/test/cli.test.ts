import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { loadManifest } from '../src/index.ts';

const CLI = fileURLToPath(new URL('../src/cli.ts', import.meta.url));
const cli = (...words: string[]) =>
  spawnSync(process.execPath, [CLI, ...words], { encoding: 'utf8' });

describe('the command', () => {
  it('lists every model file with its state', () => {
    const { stdout, status } = cli('list');
    expect(status).toBe(0);
    for (const { id } of loadManifest().models) expect(stdout).toContain(id);
  });

  it.each([
    [['paint'], 'which command?'],
    [['list', '--deep'], "Unknown option '--deep'"],
    [['measure', '--data', 'no-such-folder'], 'no test data at no-such-folder'],
    [['calibrate'], 'calibrate needs --images DIR'],
  ])('explains itself after %j', (words, says) => {
    const { stderr, status } = cli(...words);
    expect(status).toBe(2);
    expect(stderr).toContain(says);
    expect(stderr).toContain('Usage: node models/src/cli.ts <command>');
  });
});
