import { expect, test } from './support/stage.ts';

test('links that do not hold say so, in both languages', async ({ stage }) => {
  const room = await stage.room({ mode: 'edge' });
  const viewer = await stage.viewer({ tapped: false });
  const { page } = viewer;
  const wrong = new URL(room.watch);
  wrong.hash = wrong.hash.slice(0, -6) + 'AAAAAA';
  await page.goto(wrong.href);
  await expect(
    page.getByText('This link is not valid here.', { exact: false }).first(),
  ).toBeVisible();
  wrong.searchParams.set('lang', 'ko');
  await page.goto('about:blank');
  await page.goto(wrong.href);
  await expect(page.locator('html')).toHaveAttribute('lang', 'ko');
  await expect(page.getByText('This link is not valid here.', { exact: false })).toHaveCount(0);

  const bare = new URL(room.watch);
  bare.hash = '';
  await page.evaluate(() => {
    sessionStorage.clear();
  });
  await page.goto(bare.href);
  await expect(page.getByText('This page opens with an invite link')).toBeVisible();
});

test('an invite that is revoked puts out who came in with it', async ({ stage }) => {
  const { api, origin } = stage.servers;
  const room = await api.createRoom('Revoked');
  const invite = await api.invite(room.id, 'viewer');
  const viewer = await stage.viewer({ tapped: false });
  const link = new URL(invite.link);
  link.searchParams.set('lang', 'en');
  await viewer.goto(link.href);
  await viewer.untilState('off');
  await api.revoke(invite.tokenId);
  await expect(viewer.page.getByText('This invite was revoked').first()).toBeVisible();
  expect(new URL(viewer.page.url()).origin).toBe(origin);
});

test('a viewer cannot publish, and a second publisher has to wait', async ({ stage }) => {
  const room = await stage.room({ mode: 'server' });
  const viewer = await stage.viewer({ tapped: false });
  const trespass = new URL(room.publish);
  trespass.hash = new URL(room.watch).hash;
  await viewer.goto(trespass.href);
  await expect(viewer.page.getByText('This invite is for watching').first()).toBeVisible();

  const first = await stage.publisher({ tapped: false });
  await first.goto(room.publish);
  await first.untilState('server');
  const invite = await stage.servers.api.invite(room.roomId, 'publisher');
  const second = await stage.publisher({ name: 'second', tapped: false });
  const link = new URL(room.publish);
  link.hash = new URL(invite.link).hash;
  await second.goto(link.href);
  const told = second.page.getByText('Somebody else is publishing in this room.', { exact: false });
  await expect(told.first()).toBeVisible();
  await expect(first.page.locator('[data-drape-page]')).toHaveAttribute(
    'data-drape-state',
    'server',
  );
});

const CAMERAS = [
  { camera: 'denied', says: 'The camera is not allowed' },
  { camera: 'none', says: 'No camera was found' },
] as const;
for (const { camera, says } of CAMERAS) {
  test(`a camera that is ${camera} is told to whoever publishes`, async ({ stage }) => {
    const room = await stage.room({ mode: 'edge' });
    const publisher = await stage.publisher({ camera, tapped: false });
    await publisher.goto(room.publish);
    await expect(publisher.page.getByText(says).first()).toBeVisible();
    await expect(publisher.page.locator('[data-drape-page]')).toHaveAttribute(
      'data-drape-state',
      'off',
    );
  });
}
