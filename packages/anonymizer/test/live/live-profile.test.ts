import { describe, expect, it } from 'vitest';
import { forStill, PROFILES, profileNamed } from '@drape/anonymizer/core';
import { liveProfile } from '@drape/anonymizer/node';

const names = PROFILES.map(({ name }) => name);
const idsOf = ({ detectors }: (typeof PROFILES)[number]): string[] => detectors.map(({ id }) => id);

describe.each(names)('the profile %s', (name) => {
  it.each([2, 8])('looks live for all that it looks for in files, with %i cores', (cores) => {
    expect(idsOf(liveProfile(name, { holdMs: 200, cores }))).toEqual(idsOf(profileNamed(name)));
  });

  it('lets no look for upright faces decide a frame after it', () => {
    const { detectors } = liveProfile(name, { holdMs: 200, cores: 2 });
    expect(detectors.find(({ id }) => id === 'face-centerface')).toMatchObject({
      required: true,
      freshMs: 0,
    });
  });

  it('waits for looks for turned faces, but for those of a live stream on few cores', () => {
    const turned = (cores: number) =>
      liveProfile(name, { holdMs: 200, cores }).detectors.find(({ id }) => id === 'face-turned');
    expect(turned(2)).toMatchObject({ required: false });
    expect(turned(4)).toMatchObject({ required: true });
    const inFiles = profileNamed(name).detectors.find(({ id }) => id === 'face-turned');
    expect(inFiles).toMatchObject({ required: true });
  });

  it('looks at a still in four turns at once, without a detector for it', () => {
    const still = idsOf(forStill(profileNamed(name)));
    expect(still).toEqual(idsOf(profileNamed(name)).filter((id) => id !== 'face-turned'));
  });
});
