import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { FileJob, FileProgress } from '@drape/anonymizer/node';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { Failure } from '../src/failure.ts';
import type { Outcome } from '../src/jobs/messages.ts';
import { runJobs } from '../src/jobs/run-jobs.ts';
import type { JobEvents } from '../src/jobs/run-jobs.ts';
import { filesIn, temporaryFolder } from './temporary-folder.ts';

const WORKER = {
  workerFile: fileURLToPath(new URL('./fixtures/worker.ts', import.meta.url)),
  graceMs: 300,
  silenceMs: 20_000,
};

class Recorder implements JobEvents {
  readonly fates = new Map<string, string>();
  readonly messages = new Map<string, string>();
  readonly outcomes: Outcome[] = [];
  onProgress: (progress: FileProgress) => void = () => undefined;

  started(job: FileJob): void {
    this.fates.set(nameOf(job), 'started');
  }

  progress(_: FileJob, progress: FileProgress): void {
    this.onProgress(progress);
  }

  completed(job: FileJob, outcome: Outcome): void {
    this.fates.set(nameOf(job), 'done');
    this.outcomes.push(outcome);
  }

  failedJob(job: FileJob, failure: Failure): void {
    this.fates.set(nameOf(job), failure.reason);
    this.messages.set(nameOf(job), failure.message);
  }
}

function nameOf(job: FileJob): string {
  return path.parse(job.input).name;
}

function jobsFor(folder: string, names: readonly string[]): Omit<FileJob, 'threads'>[] {
  return names.map((name) => ({
    input: path.join(folder, `${name}.mp4`),
    output: path.join(folder, 'out', `${name}.mp4`),
    profile: 'mixed',
    style: { kind: 'pixelate' },
    audio: 'drop',
    preset: 'veryfast',
    report: false,
    dryRun: false,
  }));
}

describe('runJobs()', () => {
  it('makes a process that dies the failure of its file alone, and removes what it left', async () => {
    const folder = temporaryFolder();
    const recorder = new Recorder();
    const jobs = jobsFor(folder, ['a', 'segfault', 'b', 'exit', 'bad', 'c']);
    const signal = new AbortController().signal;
    await runJobs(jobs, recorder, { process: WORKER, concurrency: 2, signal });
    expect(Object.fromEntries(recorder.fates)).toEqual({
      a: 'done',
      b: 'done',
      c: 'done',
      segfault: 'process-died',
      exit: 'process-died',
      bad: 'not-media',
    });
    expect(recorder.messages.get('segfault')).toContain('SIGSEGV');
    expect(recorder.messages.get('exit')).toContain('code 7');
    expect(filesIn(folder)).toEqual(['out/a.mp4', 'out/b.mp4', 'out/c.mp4']);
  });

  it('ends a process that gives no sign of life', async () => {
    const folder = temporaryFolder();
    const recorder = new Recorder();
    await runJobs(jobsFor(folder, ['hang', 'a']), recorder, {
      process: { ...WORKER, silenceMs: 2_000 },
      concurrency: 1,
      signal: new AbortController().signal,
    });
    expect(Object.fromEntries(recorder.fates)).toEqual({ hang: 'stalled', a: 'done' });
    expect(filesIn(folder)).toEqual(['out/a.mp4']);
  });

  it.each(['slow', 'deaf'])(
    'stops a %s process, starts no other file, leaves nothing',
    async (name) => {
      const folder = temporaryFolder();
      const stop = new AbortController();
      const recorder = new Recorder();
      const jobs = jobsFor(folder, [name, 'a']);
      const partialIsThere = setInterval(() => {
        if (existsSync(path.join(folder, 'out')) && filesIn(folder).length > 0) stop.abort();
      }, 10);
      await runJobs(jobs, recorder, { process: WORKER, concurrency: 1, signal: stop.signal });
      clearInterval(partialIsThere);
      expect(Object.fromEntries(recorder.fates)).toEqual({ [name]: 'stopped' });
      expect(filesIn(folder)).toEqual([]);
      expect(existsSync(path.join(folder, 'out'))).toBe(false);
    },
  );

  it('keeps a process from file to file while it is well', async () => {
    const folder = temporaryFolder();
    const recorder = new Recorder();
    await runJobs(jobsFor(folder, ['a', 'b', 'c']), recorder, {
      process: WORKER,
      concurrency: 1,
      signal: new AbortController().signal,
    });
    expect([...recorder.fates.values()]).toEqual(['done', 'done', 'done']);
    const pids = ['a', 'b', 'c'].map((name) =>
      readFileSync(path.join(folder, 'out', `${name}.mp4`), 'utf8'),
    );
    expect(new Set(pids).size).toBe(1);
  });

  it('leaves the partial output of another run alone', async () => {
    const folder = temporaryFolder();
    const other = path.join(folder, 'out', '.bad.drape-partial-999999999-1.mp4');
    mkdirSync(path.dirname(other));
    writeFileSync(other, 'theirs');
    await runJobs(jobsFor(folder, ['bad']), new Recorder(), {
      process: WORKER,
      concurrency: 1,
      signal: new AbortController().signal,
    });
    expect(filesIn(folder)).toEqual(['out/.bad.drape-partial-999999999-1.mp4']);
  });
});

describe.runIf(process.platform === 'linux')('the process that has a file in memory', () => {
  it('leaves none of it to crash dumps', async () => {
    const program = fileURLToPath(new URL('../src/file-worker.ts', import.meta.url));
    const child = fork(program, { stdio: 'ignore' });
    onTestFinished(() => {
      child.kill('SIGKILL');
    });
    const filter = (): string => readFileSync(`/proc/${child.pid ?? 0}/coredump_filter`, 'latin1');
    await expect.poll(filter, { timeout: 30_000 }).toMatch(/^0+$/m);
  });
});
