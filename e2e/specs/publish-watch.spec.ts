import { canariesIn, fluency, framesOf, numbersIn } from './support/seen.ts';
import { expect, test } from './support/stage.ts';

/** Enough frames to judge by. */
const FRAMES = 100;

for (const mode of ['edge', 'server'] as const) {
  test(`a face that is published in ${mode} mode is covered for whoever watches`, async ({
    stage,
  }) => {
    const room = await stage.room({ mode });
    const publisher = await stage.publisher();
    await publisher.page.goto(room.publish);
    await publisher.untilState(mode);
    const viewer = await stage.viewer();
    await viewer.page.goto(room.watch);
    await viewer.untilState(mode);
    await expect.poll(() => framesOf(viewer).length, { timeout: 40_000 }).toBeGreaterThan(FRAMES);
    const frames = framesOf(viewer);
    // The token is there to be read: the camera's own frames show it.
    expect(canariesIn(framesOf(publisher))).toBe(framesOf(publisher).length);
    expect(canariesIn(frames)).toBe(0);
    // It is our clip that is seen, in its size, and it moves.
    expect(numbersIn(frames).size).toBeGreaterThan(FRAMES / 4);
    expect(frames.at(-1)).toMatchObject({ widthPx: 1280, heightPx: 736 });
    expect(fluency(frames).framesPerSecond).toBeGreaterThan(10);
    expect(viewer.tap.failures).toEqual([]);
    await publisher.page.getByTestId('stop').click();
    await viewer.untilState('off');
  });
}
