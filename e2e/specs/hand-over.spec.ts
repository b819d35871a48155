import type { Side } from '../src/probe/stage.ts';
import { goLive } from './support/go-live.ts';
import {
  canariesIn,
  fluency,
  framesOf,
  longestPictures,
  numbersIn,
  tooBusy,
} from './support/seen.ts';
import { expect, test } from './support/stage.ts';

/** What the issue asks for; viewers keep the old picture until the new one has a frame. */
const LONGEST_FREEZE_MS = 700;
/** Numbers read in each mode, to know that its picture is open. */
const PICTURES = 15;

test('hand-over from edge to server and back shows nothing raw and does not freeze @live', async ({
  stage,
}) => {
  const { publisher, viewer } = await goLive(stage, 'auto');
  await opens(viewer);
  const sinceMs = framesOf(viewer).at(-25)?.facts['shownAtMs'] ?? 0;
  for (const mode of ['server', 'edge'] as const) {
    await publisher.page.getByTestId('hand-over').click();
    await viewer.untilState(mode);
    await opens(viewer);
  }
  const frames = framesOf(viewer, sinceMs);
  expect(canariesIn(framesOf(publisher))).toBe(framesOf(publisher).length);
  expect(canariesIn(framesOf(viewer))).toBe(0);
  const epochs = viewer.tap.states.flatMap((state) => state.epoch ?? []);
  // More where the page finds this machine too slow and goes over by itself.
  expect(new Set(epochs).size).toBeGreaterThanOrEqual(3);
  expect(viewer.tap.states.map((state) => state.state)).not.toContain('covered');
  const { longestMs } = fluency(frames);
  const longest = longestPictures(viewer, frames, 3).join('\n');
  test.info().annotations.push({ type: 'longest pictures', description: longest });
  expect(longestMs, longest).toBeLessThanOrEqual(LONGEST_FREEZE_MS);
});

/** A picture that is covered whole shows no number: waits until the viewer has seen some. */
async function opens(side: Side): Promise<void> {
  const sinceMs = side.tap.states.at(-1)?.atMs ?? 0;
  await expect
    .poll(() => numbersIn(framesOf(side, sinceMs)).size, { timeout: 60_000, message: tooBusy() })
    .toBeGreaterThan(PICTURES);
}
