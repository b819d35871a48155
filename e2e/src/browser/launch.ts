import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { BrowserContext } from 'playwright-core';
import { chromium } from 'playwright-core';
import { ProbeError } from '../errors.ts';

/** Debian's; Playwright's own download is never used. */
export const CHROMIUM = '/usr/bin/chromium';

/** `none`: there is no camera. `denied`: there is one, and the person says no. */
export type CameraKind = 'fake' | 'none' | 'denied';

const CAMERA_FLAGS: Readonly<Record<CameraKind, readonly string[]>> = {
  fake: ['--use-fake-ui-for-media-stream', '--use-fake-device-for-media-stream'],
  none: ['--use-fake-ui-for-media-stream'],
  denied: ['--deny-permission-prompts', '--use-fake-device-for-media-stream'],
};

/** Flags of every Chromium that we start. */
const COMMON_FLAGS = [
  '--autoplay-policy=no-user-gesture-required',
  // A window that nobody looks at is slowed down otherwise.
  '--disable-backgrounding-occluded-windows',
  '--disable-renderer-backgrounding',
  '--disable-background-timer-throttling',
] as const;

/** Without a graphics card every pixel of a window is painted by a core that others need. */
const WORKING_VIEWPORT = { width: 640, height: 400 };
/** For looking at. */
export const SHOWN_VIEWPORT = { width: 1280, height: 800 };

export interface BrowserOptions {
  /** Marks its processes: `--drape-probe=NAME` stands on the command line of the first one. */
  readonly name: string;
  readonly profileFolder: string;
  /** `fake` where it is not said. */
  readonly camera?: CameraKind;
  /** A y4m or mjpeg file that the fake camera plays. */
  readonly cameraFile?: string;
  /** The tap's worker and its reports are not what the page's policy allows. */
  readonly tapped: boolean;
  /** Closes it, so that whatever waits for it ends. */
  readonly signal?: AbortSignal | undefined;
}

/** Starts one Chromium with a profile of its own. Throws ProbeError 'browser-missing'. */
export async function launchBrowser(options: BrowserOptions): Promise<BrowserContext> {
  if (!existsSync(CHROMIUM)) {
    throw new ProbeError(
      'browser-missing',
      `${CHROMIUM} is not there: npm run probe installs it where it may, or: apt-get install chromium`,
    );
  }
  const camera = [...CAMERA_FLAGS[options.camera ?? 'fake']];
  if (options.cameraFile !== undefined) {
    camera.push(`--use-file-for-fake-video-capture=${options.cameraFile}`);
  }
  const browser = await chromium.launchPersistentContext(
    join(options.profileFolder, options.name),
    {
      executablePath: CHROMIUM,
      headless: true,
      chromiumSandbox: false,
      bypassCSP: options.tapped,
      viewport: options.tapped ? WORKING_VIEWPORT : SHOWN_VIEWPORT,
      args: [...COMMON_FLAGS, `--drape-probe=${options.name}`, ...camera],
      // Servers are to be stopped as well: the caller listens, not Playwright.
      handleSIGINT: false,
      handleSIGTERM: false,
      handleSIGHUP: false,
    },
  );
  options.signal?.addEventListener('abort', () => void browser.close());
  return browser;
}
