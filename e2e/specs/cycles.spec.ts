import { percentile } from '../src/measure/percentile.ts';
import { canariesIn, framesOf } from './support/seen.ts';
import { expect, test } from './support/stage.ts';

const CYCLES = 10;
const FIRST_PICTURE_MS = 1000;

for (const mode of ['edge', 'server'] as const) {
  test(`ten times publish, stop, reconnect in ${mode} mode @long`, async ({ stage }) => {
    const room = await stage.room({ mode });
    const publisher = await stage.publisher();
    const viewer = await stage.viewer();
    await viewer.goto(room.watch);
    await publisher.goto(room.publish);
    for (let cycle = 1; cycle <= CYCLES; cycle++) {
      await viewer.untilState(mode);
      const before = framesOf(viewer).length;
      await expect.poll(() => framesOf(viewer).length).toBeGreaterThan(before + 25);
      if (cycle === CYCLES) break;
      await publisher.page.getByTestId('stop').click();
      await viewer.untilState('off');
      // Every other time the page itself is left and comes back.
      if (cycle % 2 === 0) await publisher.page.reload();
      else await publisher.page.getByTestId('go-live').click();
    }
    expect(canariesIn(framesOf(viewer))).toBe(0);
  });
}

test('whoever comes late has a picture within a second @live', async ({ stage }) => {
  const room = await stage.room({ mode: 'server' });
  const publisher = await stage.publisher();
  await publisher.goto(room.publish);
  await publisher.untilState('server');
  const viewer = await stage.viewer();
  const tookMs: number[] = [];
  for (let visit = 0; visit < 6; visit++) {
    await viewer.page.goto('about:blank');
    const since = performance.timeOrigin + performance.now();
    await viewer.goto(room.watch);
    await expect.poll(() => framesOf(viewer, since).length).toBeGreaterThan(3);
    const joinedMs = viewer.tap.states.find((one) => one.atMs > since && one.state === 'server');
    const first = framesOf(viewer, since)[0]?.facts['shownAtMs'] ?? NaN;
    tookMs.push(Math.round(first - (joinedMs?.atMs ?? NaN)));
    test.info().annotations.push({
      type: 'first picture',
      description: `${Math.round(first - since)} ms after the link was opened, ${tookMs.at(-1)} ms after the room was joined`,
    });
  }
  // The first visit also loads the page's code.
  expect(percentile(tookMs.slice(1), 1)).toBeLessThanOrEqual(FIRST_PICTURE_MS);
  expect(canariesIn(framesOf(viewer))).toBe(0);
});
