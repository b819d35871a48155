import type { Page } from '@playwright/test';
import { expect, test } from './support/stage.ts';

/** Tabs on until the focus is on it: nobody here has a mouse. */
async function tabTo(page: Page, testId: string): Promise<void> {
  const focused = (): Promise<string | undefined> =>
    page.evaluate(() => (document.activeElement as HTMLElement | null)?.dataset['testid']);
  await expect(page.getByTestId(testId)).toBeEnabled();
  for (let steps = 0; steps < 60 && (await focused()) !== testId; steps++) {
    await page.keyboard.press('Tab');
  }
  expect(await focused()).toBe(testId);
}

test('rooms, invites, publishing and watching need no mouse, in either language', async ({
  stage,
}) => {
  const office = await stage.viewer({ name: 'office', tapped: false });
  const { page } = office;
  await page.goto(stage.servers.adminLink.replace('#', '?lang=en#'));
  await tabTo(page, 'new-room');
  await page.keyboard.press('Enter');
  await expect(page.getByTestId('room-title')).toBeVisible();
  await page.getByTestId('room-title').focus();
  await page.keyboard.type('Theatre 7');
  await page.keyboard.press('Enter');
  await expect(page.getByTestId('room').filter({ hasText: 'Theatre 7' })).toBeVisible();
  await tabTo(page, 'new-invite');
  await page.keyboard.press('Enter');
  await tabTo(page, 'role-viewer');
  await page.keyboard.press('ArrowLeft', { delay: 150 });
  await expect(page.getByTestId('role-publisher')).toBeChecked();
  await tabTo(page, 'create-invite');
  await page.keyboard.press('Enter');
  const link = new URL(await page.getByTestId('invite-link').inputValue());
  expect(link.pathname).toMatch(/^\/publish\//);
  // Not into the history, and not over the wire: the token is in the fragment only.
  expect(link.search).toBe('');

  const publisher = await stage.publisher({ tapped: false });
  link.search = '?lang=ko&where=edge';
  await publisher.goto(link.href);
  await expect(publisher.page.locator('html')).toHaveAttribute('lang', 'ko');
  await tabTo(publisher.page, 'go-live');
  await publisher.page.keyboard.press('Enter');
  await tabTo(publisher.page, 'stop');
  await publisher.page.keyboard.press('Enter');
  await expect(publisher.page.getByTestId('go-live')).toBeVisible();

  const room = await stage.room({ mode: 'edge' });
  const viewer = await stage.viewer({ tapped: false });
  await viewer.goto(room.watch);
  await viewer.untilState('off');
  await viewer.page.keyboard.press('?');
  await expect(viewer.page.getByText('Keyboard shortcuts')).toBeVisible();
  await viewer.page.keyboard.press('Escape');
  await viewer.page.keyboard.press('l');
  await expect(viewer.page.locator('html')).toHaveAttribute('lang', 'ko');
});
