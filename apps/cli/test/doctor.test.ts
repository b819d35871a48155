import { modelsState } from '@drape/models';
import { describe, expect, it } from 'vitest';
import { drawTestPicture } from '../src/doctor/drawing.ts';
import { askProbe } from '../src/doctor/ask-probe.ts';
import { drape } from './run-drape.ts';

const isReady = modelsState().every((model) => !model.isDefault || model.state === 'present');

describe('drape doctor', () => {
  // Real models; they are installed by `npm run setup`.
  it.skipIf(!isReady)(
    'finds a machine ready that is, by anonymizing a drawn picture',
    async () => {
      const run = await drape('doctor', '--json');
      const report = JSON.parse(run.stdout) as {
        isReady: boolean;
        findings: { area: string; state: string; name: string; detail: string }[];
      };
      expect(report.findings.filter((finding) => finding.state === 'failed')).toEqual([]);
      expect(report.isReady).toBe(true);
      expect(run.code).toBe(0);
      const areas = new Set(report.findings.map((finding) => finding.area));
      expect([...areas]).toEqual([
        'machine',
        'native parts',
        'models',
        'detectors',
        'optional detectors',
        'self-test',
      ]);
      expect(report.findings.at(-1)?.detail).toMatch(/face \d+ %, text \d+ %, code \d+ %/);
      // Every part and model in a process of its own: 15 s on two idle cores.
    },
    300_000,
  );

  it('says of a part that is not there that it failed, instead of failing itself', async () => {
    const [answer] = await askProbe('part', 'no-such-part');
    expect(answer?.state).toBe('failed');
    expect(answer?.detail).toContain('no-such-part');
  });

  it('draws targets inside its picture and apart from what stays open', async () => {
    const { svg, targets, open } = await drawTestPicture();
    expect(svg).toContain('<svg');
    expect(targets.map((target) => target.name)).toEqual(['face', 'text', 'code']);
    for (const { box } of targets) {
      expect(box.x + box.w).toBeLessThan(1280);
      expect(box.y + box.h).toBeLessThan(720);
      const apart =
        box.x > open.x + open.w ||
        open.x > box.x + box.w ||
        box.y > open.y + open.h ||
        open.y > box.y + box.h;
      expect(apart).toBe(true);
    }
  });
});
