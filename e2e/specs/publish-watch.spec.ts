import type { Side } from '../src/probe/stage.ts';
import { canariesIn, framesOf, numbersIn, tooBusy } from './support/seen.ts';
import type { Stage } from './support/stage.ts';
import { expect, test } from './support/stage.ts';

/** Pictures to judge by. */
const PICTURES = 40;

async function goLive(stage: Stage, mode: 'edge' | 'server'): Promise<Record<'to' | 'from', Side>> {
  const room = await stage.room({ mode });
  const publisher = await stage.publisher();
  await publisher.goto(room.publish);
  await publisher.untilState(mode);
  const viewer = await stage.viewer();
  await viewer.goto(room.watch);
  await viewer.untilState(mode);
  return { from: publisher, to: viewer };
}

for (const mode of ['edge', 'server'] as const) {
  test(`a face that is published in ${mode} mode is covered for whoever watches`, async ({
    stage,
  }) => {
    const { from: publisher, to: viewer } = await goLive(stage, mode);
    await expect.poll(() => framesOf(viewer).length, { timeout: 60_000 }).toBeGreaterThan(PICTURES);
    // The token is there to be read: the camera's own frames show it.
    expect(canariesIn(framesOf(publisher))).toBe(framesOf(publisher).length);
    expect(canariesIn(framesOf(viewer))).toBe(0);
    expect(framesOf(viewer).at(-1)).toMatchObject({ widthPx: 1280, heightPx: 736 });
    expect(viewer.tap.failures).toEqual([]);
    await publisher.page.getByTestId('stop').click();
    await viewer.untilState('off');
  });

  test(`what need not be covered is seen in ${mode} mode @live`, async ({ stage }) => {
    const { to: viewer } = await goLive(stage, mode);
    // A picture that is covered whole shows no number.
    await expect
      .poll(() => numbersIn(framesOf(viewer)).size, { timeout: 60_000, message: tooBusy() })
      .toBeGreaterThan(PICTURES);
    expect(canariesIn(framesOf(viewer))).toBe(0);
  });
}
