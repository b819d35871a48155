import { describe, expect, it } from 'vitest';
import type { StreamAnonymizer } from '../../src/anonymizer/index.ts';
import { anonymize } from './support/anonymize.ts';
import { openAfter, openStream } from './support/open-stream.ts';
import { Viewer } from './support/viewer.ts';

type Options = Parameters<typeof anonymize>[1];

async function reasonOf(options: Options): Promise<unknown> {
  const viewer = await Viewer.open();
  try {
    const opened = await anonymize(viewer, options);
    await opened.close();
    return 'opened';
  } catch (error) {
    return error;
  } finally {
    await viewer.close();
  }
}

function endOf(anonymizer: StreamAnonymizer): Promise<string> {
  return new Promise((resolve) => {
    anonymizer.on('ended', ({ reason }) => {
      resolve(reason);
    });
  });
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

describe('starting a stream', () => {
  it('is given up after its time', async () => {
    const error = await reasonOf({ child: 'mute', startLimitMs: 800 });
    expect(error).toMatchObject({ reason: 'start-timeout' });
  });

  it('is given up when the caller gives up', async () => {
    const error = await reasonOf({ child: 'mute', signal: AbortSignal.timeout(500) });
    expect(error).toMatchObject({ reason: 'aborted' });
  });

  it('fails with what the process says of its options', async () => {
    const error = await reasonOf({ child: 'steady', mimeType: 'video/AV1' });
    expect(error).toMatchObject({ reason: 'bad-options' });
    expect(String(error)).toContain('AV1');
  });

  it('fails before there is a process where options make no sense', async () => {
    const error = await reasonOf({ child: 'steady', holdMs: -1 });
    expect(error).toMatchObject({ reason: 'bad-options' });
    expect(String(error)).toContain('holdMs');
  });

  it('fails where the program does not exist', async () => {
    const program = new URL('./support/nowhere.ts', import.meta.url);
    const error = await reasonOf({ child: 'steady', program });
    expect(error).toMatchObject({ reason: 'start-failed' });
  });

  it('fails where the process speaks another language', async () => {
    const error = await reasonOf({ child: 'rogue' });
    expect(error).toMatchObject({ reason: 'bad-message' });
  });
});

describe('a running stream', () => {
  it('is ended when its process stops answering', async () => {
    const supervision = { pingEveryMs: 100, maxMissed: 5 };
    await using stream = await openStream({ child: 'steady', supervision });
    const ended = endOf(stream.anonymizer);
    process.kill(stream.anonymizer.pid, 'SIGSTOP');
    expect(await ended).toBe('hung');
    expect(isAlive(stream.anonymizer.pid)).toBe(false);
  });

  it('is ended when its process takes too much memory', async () => {
    await using stream = await openStream({
      child: 'steady',
      supervision: { pingEveryMs: 100, maxMemoryBytes: 1024 * 1024 },
    });
    expect(await endOf(stream.anonymizer)).toBe('out-of-memory');
  });

  it('says nothing of its end where it was closed', async () => {
    await using stream = await openStream({ child: 'steady' });
    const reasons: string[] = [];
    stream.anonymizer.on('ended', ({ reason }) => reasons.push(reason));
    await stream.anonymizer.close();
    await stream.anonymizer.close();
    expect(reasons).toEqual([]);
    expect(isAlive(stream.anonymizer.pid)).toBe(false);
  });

  it('tells its figures every second, and a listener that throws breaks nothing', async () => {
    await using stream = await openStream({ child: 'steady' });
    const warned = new Promise((resolve) => process.once('warning', resolve));
    stream.anonymizer.on('state', () => {
      throw new Error('a broken listener');
    });
    const state = await new Promise((resolve) => {
      stream.anonymizer.on('state', (said) => {
        if (said.counts.face > 0) resolve(said);
      });
    });
    expect(await warned).toMatchObject({ message: 'a broken listener' });
    expect(state).toMatchObject({ counts: { text: 0, code: 0 }, totals: { packetsLost: 0 } });
    await stream.viewer.until(openAfter(1));
    expect(stream.anonymizer.attestation.profile).toBe('mixed');
    expect(stream.anonymizer.attestation.models.map(({ id }) => id)).toEqual([
      'face-centerface',
      'face-turned',
      'text-ppocr',
      'code-zxing',
    ]);
  });
});
