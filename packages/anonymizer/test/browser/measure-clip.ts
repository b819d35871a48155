import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { loadavg, tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import sharp from 'sharp';
import { openVideoSource } from '@drape/anonymizer/node';
import { i420ToRgb } from '../../src/node/media/rgb-i420.ts';
import { launchChromium, openPage } from './support/browser.ts';
import { buildSite } from './support/build-site.ts';
import type { CoverFrame, TruthBox } from './support/cover-watch.ts';
import { serveFolder } from './support/serve.ts';

// node packages/anonymizer/test/browser/measure-clip.ts CLIP.mp4 [--from S] [--seconds S] [--hold MS] [--slow K]
// Plays a clip with ground truth (CLIP.gt.json) through the edge in a real browser and says what
// left: frame rate, delay, frames covered whole, faces and lines of text that were not covered.
// --slow plays K times slower with K times the hold: what a machine K times as fast would cover.

interface Truth {
  readonly fps: number;
  readonly frames_gt: readonly {
    readonly seg: string;
    readonly faces: readonly { readonly box: TruthBox; readonly vis?: string }[];
    readonly text: readonly { readonly box: TruthBox }[];
    readonly text_gt: boolean;
  }[];
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    from: { type: 'string', default: '0' },
    seconds: { type: 'string', default: '10' },
    hold: { type: 'string', default: '200' },
    profile: { type: 'string', default: 'mixed' },
    site: { type: 'string' },
    slow: { type: 'string', default: '1' },
  },
});
const [clipFile] = positionals;
if (clipFile === undefined) throw new Error('which clip?');
const truth = JSON.parse(await readFile(clipFile.replace(/\.mp4$/, '.gt.json'), 'utf8')) as Truth;
const first = Math.round(Number(values.from) * truth.fps);
const count = Math.min(
  Math.round(Number(values.seconds) * truth.fps),
  truth.frames_gt.length - first,
);
const scenes = truth.frames_gt.slice(first, first + count);

const folder = values.site ?? (await mkdtemp(path.join(tmpdir(), 'drape-edge-')));
try {
  if (values.site === undefined) await buildSite(folder);
  await writeFrames(path.join(folder, 'clip'));
  await using server = await serveFolder(folder);
  const browser = await launchChromium();
  try {
    const { page } = await openPage(browser, server.origin);
    const faces = scenes.map((scene) =>
      scene.faces.filter(({ vis }) => vis === undefined || vis === 'clear').map(({ box }) => box),
    );
    const text = scenes.map((scene) => (scene.text_gt ? scene.text.map(({ box }) => box) : []));
    const boxes = scenes.map((_, index) => [...(faces[index] ?? []), ...(text[index] ?? [])]);
    const ran = await page.evaluate(
      ([options, clip, all]) => window.edge.runClip(options, clip, all),
      [
        {
          profile: values.profile,
          style: { kind: 'solid', fill: { r: 255, g: 0, b: 255 } },
          holdMs: Number(values.hold) * Number(values.slow),
        },
        { url: '/clip/', frames: count, fps: truth.fps, slow: Number(values.slow) },
        boxes,
      ] as const,
    );
    report(ran, faces, text);
  } finally {
    await browser.close();
  }
} finally {
  if (values.site === undefined) await rm(folder, { recursive: true, force: true });
}

async function writeFrames(to: string): Promise<void> {
  await rm(to, { recursive: true, force: true });
  await mkdir(to, { recursive: true });
  await using source = await openVideoSource(clipFile ?? '', { threads: 1 });
  let at = 0;
  for await (const frame of source.frames()) {
    const { widthPx: width, heightPx: height } = frame.info;
    if (at >= first && at < first + count) {
      const name = `${String(at - first).padStart(6, '0')}.jpg`;
      const raw = { width, height, channels: 3 as const };
      const jpeg = await sharp(i420ToRgb(frame.read()), { raw }).jpeg({ quality: 92 }).toBuffer();
      await writeFile(path.join(to, name), jpeg);
    }
    frame.close();
    if (++at >= first + count) break;
  }
}

function report(
  ran: {
    readonly frames: readonly CoverFrame[];
    readonly states: readonly unknown[];
    readonly failing: readonly unknown[];
    readonly timeline: readonly unknown[];
    readonly openMs: number;
  },
  faces: readonly (readonly TruthBox[])[],
  text: readonly (readonly TruthBox[])[],
): void {
  const { frames } = ran;
  const whole = frames.filter(({ covered }) => covered > 0.99);
  let [faceCount, faceSeen, lineCount, lineSeen] = [0, 0, 0, 0];
  const seen: string[] = [];
  for (const { index, shares } of frames) {
    const split = faces[index]?.length ?? 0;
    shares.forEach((share, at) => {
      const isCovered = share >= 0.9;
      if (at < split) {
        faceCount++;
        if (!isCovered) faceSeen++;
      } else {
        lineCount++;
        if (!isCovered) lineSeen++;
      }
      if (!isCovered) seen.push(`${index}:${at < split ? 'face' : 'text'} ${share.toFixed(2)}`);
    });
  }
  const endo = frames.filter(
    ({ index }) => faces[index]?.length === 0 && text[index]?.length === 0,
  );
  const painted = endo.reduce((sum, { covered }) => sum + covered, 0) / Math.max(1, endo.length);
  for (const state of ran.states) console.log(JSON.stringify(state));
  for (const event of ran.timeline) console.log(JSON.stringify(event));
  console.log(JSON.stringify({ failing: ran.failing }));
  console.log(seen.join(', '));
  console.log(
    JSON.stringify({
      load: loadavg().map((load) => Math.round(load * 10) / 10),
      openMs: Math.round(ran.openMs),
      framesIn: count,
      framesOut: frames.length,
      coveredWhole: whole.length,
      wholeByScene: Object.fromEntries(
        [...new Set(scenes.map(({ seg }) => seg))].map((seg) => [
          seg,
          `${whole.filter(({ index }) => scenes[index]?.seg === seg).length}/${frames.filter(({ index }) => scenes[index]?.seg === seg).length}`,
        ]),
      ),
      faces: faceCount,
      facesSeen: faceSeen,
      lines: lineCount,
      linesSeen: lineSeen,
      paintedWithoutTruth: Math.round(painted * 1000) / 1000,
      text: text.length,
    }),
  );
}
