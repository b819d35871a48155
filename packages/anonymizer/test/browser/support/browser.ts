import { existsSync } from 'node:fs';
import { chromium, type Browser, type Page } from 'playwright-core';

const EXECUTABLES = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

/** The system's browser, or undefined: tests that need it are skipped where there is none. */
export const chromiumPath = EXECUTABLES.find((file) => existsSync(file));

export async function launchChromium(camera?: string): Promise<Browser> {
  if (chromiumPath === undefined) throw new Error('no Chromium: apt-get install chromium');
  return chromium.launch({
    executablePath: chromiumPath,
    headless: true,
    args: [
      '--no-sandbox',
      '--use-fake-ui-for-media-stream',
      '--use-fake-device-for-media-stream',
      ...(camera === undefined ? [] : [`--use-file-for-fake-video-capture=${camera}`]),
      '--autoplay-policy=no-user-gesture-required',
      '--ignore-gpu-blocklist',
      '--enable-unsafe-swiftshader',
    ],
  });
}

/** A page of the site, and every address that it or its workers asked for. */
export async function openPage(
  browser: Browser,
  origin: string,
): Promise<{ page: Page; requested: string[]; said: string[] }> {
  const context = await browser.newContext();
  await context.grantPermissions(['camera'], { origin });
  const page = await context.newPage();
  const requested: string[] = [];
  const said: string[] = [];
  page.on('request', (request) => requested.push(request.url()));
  page.on('console', (message) => said.push(message.text()));
  page.on('pageerror', (error) => said.push(String(error)));
  await page.goto(`${origin}/index.html`);
  // Module scripts have run when the page has loaded.
  return { page, requested, said };
}
