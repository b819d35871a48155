import { goLive } from './support/go-live.ts';
import { canariesIn, framesOf, numbersIn, tooBusy } from './support/seen.ts';
import { expect, test } from './support/stage.ts';

/** Pictures to judge by. */
const PICTURES = 40;

for (const mode of ['edge', 'server'] as const) {
  test(`a face that is published in ${mode} mode is covered for whoever watches`, async ({
    stage,
  }) => {
    const { publisher, viewer } = await goLive(stage, mode);
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
    const { viewer } = await goLive(stage, mode);
    // A picture that is covered whole shows no number.
    await expect
      .poll(() => numbersIn(framesOf(viewer)).size, { timeout: 60_000, message: tooBusy() })
      .toBeGreaterThan(PICTURES);
    expect(canariesIn(framesOf(viewer))).toBe(0);
  });
}
