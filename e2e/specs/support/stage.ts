import { join } from 'node:path';
import { test as base, expect } from '@playwright/test';
import type { CameraKind } from '../../src/browser/launch.ts';
import { Side, openRoom, profileFolder } from '../../src/probe/stage.ts';
import type { PublishWish } from '../../src/probe/stage.ts';
import { Servers } from '../../src/servers/start.ts';
import type { CanaryClip } from './canary-clip.ts';
import { canaryClip } from './canary-clip.ts';

const CACHE = join(import.meta.dirname, '..', '..', '..', '.cache', 'e2e');

export type Room = Awaited<ReturnType<typeof openRoom>>;

interface SideWish {
  /** Two sides of one role need two names. */
  readonly name?: string;
  /** False: nothing of ours runs in the page, and its policy holds as it is served. */
  readonly tapped?: boolean;
  readonly camera?: CameraKind;
}

/** Opens the sides of a test, and closes them after it. */
export class Stage {
  readonly servers: Servers;
  readonly clip: CanaryClip;
  readonly sides: Side[] = [];
  readonly #profiles: string;

  constructor(servers: Servers, clip: CanaryClip, profiles: string) {
    this.servers = servers;
    this.clip = clip;
    this.#profiles = profiles;
  }

  room(wish: PublishWish): Promise<Room> {
    return openRoom(this.servers, { style: 'pixelate', ...wish });
  }

  /** A browser with a fake camera that plays the canary clip. */
  publisher(options: SideWish = {}): Promise<Side> {
    return this.#open({ role: 'publisher', cameraFile: this.clip.path, ...options });
  }

  viewer(options: SideWish = {}): Promise<Side> {
    return this.#open({ role: 'viewer', ...options });
  }

  async close(): Promise<void> {
    for (const side of this.sides.splice(0).reverse()) await side[Symbol.asyncDispose]();
  }

  async #open(
    options: SideWish & { readonly role: 'publisher' | 'viewer'; readonly cameraFile?: string },
  ): Promise<Side> {
    const { widthPx, heightPx, stripPx, row, canary } = this.clip;
    const plan = {
      widthPx,
      heightPx: heightPx + stripPx,
      rows: [row, canary.row],
      keepPictures: false,
    };
    const side = await Side.open({ ...options, profileFolder: this.#profiles, plan });
    this.sides.push(side);
    return side;
  }
}

interface OfTest {
  readonly stage: Stage;
}
interface OfWorker {
  readonly house: { readonly servers: Servers; readonly clip: CanaryClip };
}

/** `house`: the servers, for all tests of a file. `stage`: browsers, for one test. */
export const test = base.extend<OfTest, OfWorker>({
  house: [
    // eslint-disable-next-line no-empty-pattern -- Playwright reads the names of what is used
    async ({}, use) => {
      const clip = await canaryClip(CACHE);
      await using servers = await Servers.start();
      await use({ servers, clip });
    },
    { scope: 'worker', timeout: 180_000 },
  ],
  stage: async ({ house }, use, info) => {
    await using profiles = await profileFolder();
    const stage = new Stage(house.servers, house.clip, profiles.path);
    try {
      await use(stage);
      if (info.status !== info.expectedStatus) await keepEvidence(stage);
    } finally {
      await stage.close();
    }
  },
});

/** What is worth knowing of a test that failed. No picture: it may show what should be covered. */
async function keepEvidence(stage: Stage): Promise<void> {
  const body = JSON.stringify(
    stage.sides.map(({ name, tap }) => ({
      name,
      states: tap.states,
      failures: tap.failures,
      frames: tap.records.length,
    })),
    undefined,
    1,
  );
  await test.info().attach('pages.json', { body, contentType: 'application/json' });
  // The administrator's link is told there as well.
  const log = stage.servers.lines.filter((line) => !line.includes('#t=')).join('\n');
  await test.info().attach('servers.log', { body: log, contentType: 'text/plain' });
}

export { expect };
