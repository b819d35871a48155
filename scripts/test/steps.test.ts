import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { command } from '../setup/command.mjs';
import { SetupError } from '../setup/errors.mjs';
import { readStamp } from '../setup/stamp.mjs';
import { runSteps } from '../setup/steps.mjs';
import { countingStep, temporaryRoot, workplace } from './support/workplace.ts';

test('a step works once and is in place from then on', async () => {
  const root = temporaryRoot();
  const { step, runs } = countingStep();
  await runSteps([step], workplace(root).context);
  const second = workplace(root);
  await runSteps([step], second.context);
  expect(runs()).toBe(1);
  expect(second.printed()).toMatch(/✓ counted +in place +\d+ ms/);
});

test('a step works again when its key changes, or when its result is gone', async () => {
  const root = temporaryRoot();
  let key = 'one';
  let there = false;
  const { step, runs } = countingStep({ key: () => key, present: () => there });
  const counted = {
    ...step,
    work: (...args: Parameters<typeof step.work>) => ((there = true), step.work(...args)),
  };
  await runSteps([counted], workplace(root).context);
  key = 'two';
  await runSteps([counted], workplace(root).context);
  there = false;
  await runSteps([counted], workplace(root).context);
  expect(runs()).toBe(3);
});

test('no stamp is written when the work ends well but its result is not there', async () => {
  const root = temporaryRoot();
  const { step } = countingStep({ present: () => false });
  await expect(runSteps([step], workplace(root).context)).rejects.toThrow(/result is not there/);
  expect(readStamp(root, 'counted')).toBeUndefined();
});

test("a failing step's message names the step and what to do, and later steps don't run", async () => {
  const root = temporaryRoot();
  const failing = countingStep({
    name: 'broken',
    work: () =>
      Promise.reject(new SetupError('no disk left: free 1 GB and run the command again.')),
  });
  const later = countingStep();
  const place = workplace(root);
  await expect(runSteps([failing.step, later.step], place.context)).rejects.toThrow(
    'Set-up step "broken": no disk left: free 1 GB and run the command again.',
  );
  expect(place.printed()).toMatch(/✗ broken +failed/);
  expect(later.runs()).toBe(0);
});

test("a failing command's last words are in the message", async () => {
  const { step } = countingStep({
    work: ({ abort }) =>
      command(process.execPath, ['-e', 'console.error("disk full"); process.exit(3)'], { abort }),
  });
  await expect(runSteps([step], workplace(temporaryRoot()).context)).rejects.toThrow(
    /ended with 3[^]*disk full/,
  );
});

test('an optional step that fails is one notice, also the next time, and is tried again on a new key', async () => {
  const root = temporaryRoot();
  let key = 'one';
  let tries = 0;
  const { step } = countingStep({
    optional: true,
    key: () => key,
    work: () => {
      tries += 1;
      return Promise.reject(new SetupError('no wheel for this system'));
    },
  });
  for (const expected of [1, 1]) {
    const place = workplace(root);
    await runSteps([step], place.context);
    expect(place.printed()).toMatch(/– counted +no wheel for this system/);
    expect(tries).toBe(expected);
  }
  key = 'two';
  await runSteps([step], workplace(root).context);
  expect(tries).toBe(2);
});

test('a step whose presence proves its work is not done again, unless asked for fresh', async () => {
  const { step, runs } = countingStep({ provenByPresent: true, present: () => true });
  await runSteps([step], workplace(temporaryRoot()).context);
  expect(runs()).toBe(0);
  await runSteps([step], workplace(temporaryRoot(), { fresh: true }).context);
  expect(runs()).toBe(1);
});

test('an end by signal stops the command, frees the lock, and the next run goes on', async () => {
  const root = temporaryRoot();
  const controller = new AbortController();
  const before = countingStep({ name: 'before' });
  let interrupted = true;
  const slow = countingStep({
    name: 'slow',
    present: () => !interrupted,
    async work({ abort }) {
      if (!interrupted) return 'done';
      const onLine = () => {
        controller.abort();
      };
      return command(process.execPath, ['-e', 'console.log("up"); setInterval(() => {}, 1e6)'], {
        abort,
        onLine,
      });
    },
  });
  const steps = [before.step, slow.step];
  await expect(
    runSteps(steps, workplace(root, { abort: controller.signal }).context),
  ).rejects.toThrow('Stopped by a signal.');
  expect(existsSync(join(root, '.cache', 'setup', 'lock'))).toBe(false);
  expect(readStamp(root, 'slow')).toBeUndefined();
  interrupted = false;
  await runSteps(steps, workplace(root).context);
  expect(before.runs()).toBe(1);
  expect(readStamp(root, 'slow')).toEqual({ key: 'one' });
});
