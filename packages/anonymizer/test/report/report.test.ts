import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { timelineSchema } from '@drape/contract';
import type { Timeline, TimelineTrack } from '@drape/contract';
import sharp from 'sharp';
import { writeReport } from '@drape/anonymizer/node';
import { describe, expect, it, onTestFinished } from 'vitest';
import { momentsOf } from '../../src/node/report/moments.ts';

function trackAt(id: number, atUs: number, score = 0.5): TimelineTrack {
  return {
    id,
    class: 'face',
    detector: 'face-centerface',
    fromUs: atUs,
    toUs: atUs + 10,
    bestScore: 0.9,
    sightings: [
      { atUs, box: [10, 20, 30, 40], score },
      { atUs: atUs + 5, box: [11, 20, 30, 40], score: 0.9 },
      { atUs: atUs + 10, box: [12, 20, 30, 40], score: 0.6 },
    ],
  };
}

function timelineWith(parts: Partial<Timeline>): Timeline {
  return timelineSchema.parse({
    schema: 'drape.timeline/1',
    media: {
      kind: 'still',
      widthPx: 160,
      heightPx: 120,
      rotationDeg: 0,
      frames: 1,
      firstUs: 0,
      lastUs: 0,
    },
    policy: {
      profile: 'mixed',
      style: 'solid',
      hold: 'whole',
      passes: 1,
      detectors: [],
      always: [],
    },
    tracks: [],
    whole: [],
    events: [],
    eventsDropped: 0,
    warnings: [],
    ...parts,
  });
}

describe('momentsOf()', () => {
  it('takes each track where it is strongest and each whole interval at its start, in time', () => {
    const whole = [{ fromUs: 50, toUs: 90, frames: 3, cause: 'damaged' as const }];
    const { shown, leftOut } = momentsOf(
      timelineWith({ tracks: [trackAt(1, 100), trackAt(2, 0)], whole }),
    );
    expect(leftOut).toBe(0);
    expect(shown.map((moment) => [moment.atUs, moment.what, moment.score])).toEqual([
      [5, 'face', 0.9],
      [50, 'whole frame', undefined],
      [105, 'face', 0.9],
    ]);
  });

  it('shows an even choice where there are too many, and says how many it left out', () => {
    const tracks = Array.from({ length: 600 }, (_, index) => trackAt(index, index * 1000));
    const { shown, leftOut } = momentsOf(timelineWith({ tracks }));
    expect(shown).toHaveLength(60);
    expect(leftOut).toBe(540);
    expect(shown.at(-1)?.atUs).toBeGreaterThan(580_000);
  });
});

describe('writeReport()', () => {
  it('draws the anonymized output with its captions, and nothing partial stays', async () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'drape-report-'));
    onTestFinished(() => {
      rmSync(folder, { recursive: true });
    });
    const output = path.join(folder, 'out.png');
    await sharp({ create: { width: 160, height: 120, channels: 3, background: '#20a040' } })
      .png()
      .toFile(output);
    const timeline = timelineWith({ tracks: [trackAt(1, -5)] });
    const written = await writeReport({ output, kind: 'still', timeline });
    expect(readdirSync(folder).sort()).toEqual([
      'out.png',
      'out.png.contact.png',
      'out.png.timeline.json',
    ]);
    expect(written).toEqual([`${output}.timeline.json`, `${output}.contact.png`]);
    expect(JSON.parse(readFileSync(`${output}.timeline.json`, 'utf8'))).toEqual(timeline);

    const sheet = await sharp(`${output}.contact.png`).raw().toBuffer({ resolveWithObject: true });
    const colours = new Set<string>();
    for (let at = 0; at < sheet.data.length; at += 3) {
      colours.add([...sheet.data.subarray(at, at + 3)].map((value) => value >> 4).join());
    }
    // The output's green, the ink of the captions and the mark of the sighting.
    expect(colours).toContain('2,10,4');
    expect(colours).toContain('14,14,14');
    expect(colours).toContain('15,12,0');
  });
});
