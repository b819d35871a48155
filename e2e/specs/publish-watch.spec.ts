import { canariesIn, framesOf, numbersIn, tooBusy } from './support/seen.ts';
import { expect, test } from './support/stage.ts';

/** Different frames of the clip that must have been seen. */
const NUMBERS = 40;

for (const mode of ['edge', 'server'] as const) {
  test(`a face that is published in ${mode} mode is covered for whoever watches`, async ({
    stage,
  }) => {
    const room = await stage.room({ mode });
    const publisher = await stage.publisher();
    await publisher.goto(room.publish);
    await publisher.untilState(mode);
    const viewer = await stage.viewer();
    await viewer.goto(room.watch);
    await viewer.untilState(mode);
    // Our clip is seen, in its size, and it moves: what is covered whole shows no number.
    await expect
      .poll(() => numbersIn(framesOf(viewer)).size, { timeout: 60_000, message: tooBusy() })
      .toBeGreaterThan(NUMBERS);
    const frames = framesOf(viewer);
    expect(frames.at(-1)).toMatchObject({ widthPx: 1280, heightPx: 736 });
    // The token is there to be read: the camera's own frames show it.
    expect(canariesIn(framesOf(publisher))).toBe(framesOf(publisher).length);
    expect(canariesIn(frames)).toBe(0);
    expect(viewer.tap.failures).toEqual([]);
    await publisher.page.getByTestId('stop').click();
    await viewer.untilState('off');
  });
}
