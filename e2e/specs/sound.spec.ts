import type { Page } from '@playwright/test';
import { goLive } from './support/go-live.ts';
import { expect, test } from './support/stage.ts';

/** The loudest sample that a page's sound element plays within a second, 0..1. */
function loudest(page: Page): Promise<number> {
  return page.evaluate(async () => {
    const audio = document.querySelector<HTMLAudioElement>('audio[data-testid="sound"]');
    if (!audio || audio.muted || !(audio.srcObject instanceof MediaStream)) return 0;
    const context = new AudioContext();
    const analyser = context.createAnalyser();
    context.createMediaStreamSource(audio.srcObject).connect(analyser);
    const samples = new Float32Array(analyser.fftSize);
    let most = 0;
    for (let look = 0; look < 40; look++) {
      await new Promise((done) => setTimeout(done, 25));
      analyser.getFloatTimeDomainData(samples);
      most = Math.max(most, ...samples.map(Math.abs));
    }
    await context.close();
    return most;
  });
}

test('voices are heard once somebody says that everybody agreed, and not before', async ({
  stage,
}) => {
  const { publisher, viewer } = await goLive(stage, 'edge');
  await expect(viewer.page.getByTestId('toggle-sound')).toHaveCount(0);
  await publisher.page.getByTestId('sound-on').click();
  await expect(publisher.page.getByTestId('send-sound')).toBeDisabled();
  await publisher.page.getByTestId('everybody-agreed').check();
  await publisher.page.getByTestId('send-sound').click();
  await expect(publisher.page.getByTestId('sound')).toHaveAttribute('data-sound', 'on');

  // A viewer's page is silent until its viewer wants to hear.
  await expect(viewer.page.getByTestId('toggle-sound')).toBeVisible();
  expect(await loudest(viewer.page)).toBe(0);
  await viewer.page.keyboard.press('m');
  await expect.poll(() => loudest(viewer.page), { timeout: 20_000 }).toBeGreaterThan(0.01);

  await publisher.page.getByTestId('sound-off').click();
  await expect(viewer.page.getByTestId('toggle-sound')).toHaveCount(0);
  // The word is asked for anew, and everything ends with the picture.
  await publisher.page.getByTestId('sound-on').click();
  await expect(publisher.page.getByTestId('send-sound')).toBeDisabled();
  await publisher.page.getByTestId('everybody-agreed').check();
  await publisher.page.getByTestId('send-sound').click();
  await expect(viewer.page.getByTestId('toggle-sound')).toBeVisible();
  await publisher.page.getByTestId('stop').click();
  await expect(publisher.page.getByTestId('sound')).toHaveAttribute('data-sound', 'off');
  await expect(viewer.page.getByTestId('toggle-sound')).toHaveCount(0);
});
