import { mkdir, rm, writeFile } from 'node:fs/promises';
import { loadavg } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { PublisherStats, RoomState } from '@drape/contract';
import { SHOWN_VIEWPORT } from '../browser/launch.ts';
import type { CameraFile } from '../clip/camera-file.ts';
import { makeCameraFile } from '../clip/camera-file.ts';
import { CpuWatch } from '../measure/cpu.ts';
import { encodeRecording } from '../record/encode.ts';
import { openReceiver } from '../record/receive.ts';
import { Servers } from '../servers/start.ts';
import type { Account, Recording } from './account.ts';
import { accountOf } from './account.ts';
import { Side, openRoom, profileFolder } from './stage.ts';

export interface ProbeJob {
  readonly clip: string;
  readonly mode: 'edge' | 'server';
  readonly outFolder: string;
  /** `whole`: once through the clip and a little more. */
  readonly seconds: number | 'whole';
  readonly style: string | undefined;
  readonly fill: string | undefined;
  readonly profile: string | undefined;
  readonly framesPerSecond: number | undefined;
  readonly keepPictures: boolean;
  readonly cacheFolder: string;
  readonly signal: AbortSignal;
  /** A line about what is going on, for people. */
  say(line: string): void;
}

const PICTURES_OF = { publisher: 'publish.png', viewer: 'watch.png' } as const;
/** For frames that a busy camera leaves out at the end of the loop. */
const SPARE_S = 3;
/** A short clip is played more than once: the first seconds are the anonymizer's start. */
const LEAST_WHOLE_S = 15;
/** Writing the pictures to disk and posting them: slow only on a busy machine. */
const DELIVERY_LIMIT_MS = 180_000;

/** Runs one probe and writes its files. Throws ProbeError. */
export async function runProbe(job: ProbeJob): Promise<Account> {
  await mkdir(job.outFolder, { recursive: true });
  job.say('preparing the camera file');
  const camera = await makeCameraFile(job.clip, job);
  if (camera.cut) job.say(`only the first ${camera.frames} frames of the clip are played`);
  const pictures = join(job.outFolder, 'pictures.part');
  try {
    const recording = await record(job, camera, pictures);
    const account = accountOf(job, camera, recording);
    if (job.keepPictures) {
      job.say(`encoding ${account.frames.length} pictures`);
      await encodeRecording(pictures, join(job.outFolder, 'viewer.mp4'), {
        pictures: account.kept,
        size: { widthPx: camera.widthPx, heightPx: camera.heightPx + camera.stripPx },
      });
    }
    await writeJson(join(job.outFolder, 'frames.json'), {
      ...account.source,
      frames: account.frames,
    });
    await writeJson(join(job.outFolder, 'stats.json'), account.stats);
    return account;
  } finally {
    await rm(pictures, { force: true });
  }
}

async function record(job: ProbeJob, camera: CameraFile, pictures: string): Promise<Recording> {
  job.say('starting the servers');
  await using servers = await Servers.start({ signal: job.signal });
  await using profiles = await profileFolder();
  const room = await openRoom(servers, job);
  const plan = {
    widthPx: camera.widthPx,
    heightPx: camera.heightPx + camera.stripPx,
    rows: [camera.row],
  };
  const browser = { profileFolder: profiles.path, signal: job.signal };
  job.say('opening the watch page');
  // First, as its browser's start would take the cores from a publisher that has just gone live.
  await using viewer = await Side.open({
    ...browser,
    role: 'viewer',
    plan: { ...plan, keepPictures: job.keepPictures },
  });
  await viewer.goto(room.watch);
  await viewer.untilState('off');
  job.say('opening the publish page');
  await using publisher = await Side.open({
    ...browser,
    role: 'publisher',
    cameraFile: camera.path,
    plan: { ...plan, keepPictures: false },
  });
  await publisher.goto(room.publish);
  await publisher.untilState(job.mode);
  await viewer.untilState(job.mode);
  const seconds = secondsOf(job, camera);
  job.say(`recording for ${seconds} s`);
  const loadBefore = loadavg()[0] ?? 0;
  const cpu = new CpuWatch([
    { group: 'server', pid: servers.pid },
    { group: 'publisher', marked: '--drape-probe=publisher' },
    { group: 'viewer', marked: '--drape-probe=viewer' },
  ]);
  const pipeline = await followPipeline(
    () => servers.api.stateOf(room.roomId),
    seconds,
    job.signal,
  );
  for (const side of [publisher, viewer]) await side.tap.end();
  const loadAfter = loadavg()[0] ?? 0;
  const recording = { seconds, pipeline, cpu: cpu.stop(), loadBefore, loadAfter };
  for (const { page, tap } of [publisher, viewer]) {
    await page.setViewportSize(SHOWN_VIEWPORT);
    await page.screenshot({ path: join(job.outFolder, PICTURES_OF[tap.role]) });
  }
  // It may write gigabytes: nobody needs the camera meanwhile.
  await publisher.browser.close();
  job.say('fetching what was shown');
  await using receiver = await openReceiver(pictures);
  await viewer.tap.deliver(receiver.url, DELIVERY_LIMIT_MS);
  return { ...recording, camera: publisher.tap, viewer: viewer.tap };
}

/** What the pipeline said of itself in each second. */
async function followPipeline(
  ask: () => Promise<RoomState>,
  seconds: number,
  signal: AbortSignal,
): Promise<PublisherStats[]> {
  const told: PublisherStats[] = [];
  const endMs = performance.now() + seconds * 1000;
  for (;;) {
    const leftMs = endMs - performance.now();
    if (leftMs <= 0) return told;
    await wait(Math.min(1000, leftMs), undefined, { signal });
    const { publisher } = await ask();
    if (publisher) told.push(publisher);
  }
}

/** The camera plays in a loop, so it does not matter where the viewer comes in. */
function secondsOf(job: ProbeJob, camera: CameraFile): number {
  if (job.seconds !== 'whole') return job.seconds;
  const clipS = Math.ceil(camera.frames / camera.framesPerSecond);
  return Math.max(LEAST_WHOLE_S, clipS) + SPARE_S;
}

async function writeJson(path: string, content: unknown): Promise<void> {
  await writeFile(path, `${JSON.stringify(content, undefined, 1)}\n`);
}
