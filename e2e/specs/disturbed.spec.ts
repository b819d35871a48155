import type { Side } from '../src/probe/stage.ts';
import { backAfterMs, now } from './support/back-after.ts';
import { goLive } from './support/go-live.ts';
import { canariesIn, framesOf } from './support/seen.ts';
import { expect, test } from './support/stage.ts';

/** How long a network cable lies beside its socket. */
const AWAY_MS = 6000;
const BACK_WITHIN_MS = 3000;

/** What a person does in the browser's own settings; it ends the tracks, as unplugging does. */
async function setCamera({ page, browser }: Side, setting: 'granted' | 'denied'): Promise<void> {
  const session = await browser.newCDPSession(page);
  const origin = new URL(page.url()).origin;
  const permission = { name: 'camera' };
  await session.send('Browser.setPermission', { permission, setting, origin });
  await session.detach();
}

async function seenSince(viewer: Side, sinceMs: number): Promise<void> {
  await expect.poll(() => framesOf(viewer, sinceMs).length).toBeGreaterThan(10);
}

test('a camera that is taken away is told to both sides, and goes live again when it is back @live', async ({
  stage,
}) => {
  const { publisher, viewer } = await goLive(stage, 'edge');
  await seenSince(viewer, now());
  await setCamera(publisher, 'denied');
  await expect(publisher.page.getByTestId('source-ended')).toBeVisible();
  await publisher.untilState('off');
  await viewer.untilState('off');
  await setCamera(publisher, 'granted');
  await publisher.page.getByTestId('go-live').click();
  await publisher.untilState('edge');
  await viewer.untilState('edge');
  await seenSince(viewer, now());
  expect(canariesIn(framesOf(viewer))).toBe(0);
});

for (const role of ['publisher', 'viewer'] as const) {
  test(`a ${role} whose connection breaks off is back by itself @live`, async ({ stage }) => {
    const live = await goLive(stage, 'server');
    await seenSince(live.viewer, now());
    await live[role].browser.setOffline(true);
    await live[role].page.waitForTimeout(AWAY_MS);
    await live[role].browser.setOffline(false);
    const sinceMs = now();
    await live.publisher.untilState('server');
    await live.viewer.untilState('server');
    await seenSince(live.viewer, sinceMs);
    expect(await backAfterMs(live.viewer, sinceMs)).toBeLessThan(BACK_WITHIN_MS);
    expect(canariesIn(framesOf(live.viewer))).toBe(0);
  });
}
