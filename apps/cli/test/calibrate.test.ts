import path from 'node:path';
import { modelsState } from '@drape/models';
import { describe, expect, it } from 'vitest';
import { writeClip } from './media.ts';
import { drape } from './run-drape.ts';
import { temporaryFolder } from './temporary-folder.ts';

const isReady = modelsState().every((model) => !model.isDefault || model.state === 'present');

// The real gate and decoder; they are installed by `npm run setup`.
describe.skipIf(!isReady)('drape calibrate', () => {
  it('measures what would be covered, and says how to use it', async () => {
    const clip = path.join(temporaryFolder(), 'drawn.mjpeg');
    await writeClip(clip, 30);
    const run = await drape('calibrate', clip, '--outside', clip, '--json');
    expect(run.stderr).toBe('');
    const report = JSON.parse(run.stdout) as {
      insideFrom: number;
      lostShare: number;
      clips: { seconds: number; looks: number }[];
    };
    // What is outside must not pass, so the same clip as inside is covered to the last frame.
    expect(report.lostShare).toBeCloseTo(1);
    expect(report.insideFrom).toBeGreaterThanOrEqual(0.5);
    expect(report.clips[0]?.seconds).toBeCloseTo(1.2);
    expect(report.clips[0]?.looks).toBeGreaterThan(5);
    const told = await drape('calibrate', clip);
    expect(told.stdout).toContain('--profile endoscope-strict --inside-from 0.5');
  });

  it('refuses a measure below ours, and one that lets an outside frame pass', async () => {
    const clip = path.join(temporaryFolder(), 'drawn.mjpeg');
    await writeClip(clip, 5);
    const low = await drape('calibrate', clip, '--inside-from', '0.4');
    expect(low.code).toBe(2);
    expect(low.stderr).toContain('Below 0.5');
    const other = await drape('anonymize', clip, '--inside-from', '0.7', '--dry-run');
    expect(other.code).toBe(2);
    expect(other.stderr).toContain('endoscope-strict');
  });

  it('names a file that is no video', async () => {
    const run = await drape('calibrate', '/nowhere/clip.mp4');
    expect(run.code).toBe(1);
    expect(run.stderr).toContain('clip.mp4');
    expect(run.stderr).not.toContain('    at ');
  });
});
