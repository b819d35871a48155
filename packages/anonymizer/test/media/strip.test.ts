import { describe, expect, test } from 'vitest';
import { makeClip } from './clip.ts';
import { probeOutput } from './probe-output.ts';
import { copyVideo, decodeAll } from './round-trip.ts';
import { temporaryFolder } from './temporary.ts';

const file = temporaryFolder();
const SECRETS = {
  title: 'SECRET-Hong Gil-dong',
  comment: 'SECRET-comment',
  artist: 'SECRET-surgeon',
  creation_time: '2019-08-07T06:05:04.000000Z',
  location: '+37.5665+126.9780/',
  'location-eng': '+37.5665+126.9780/',
  make: 'SECRET-maker',
  model: 'SECRET-endoscope',
};
/** What a muxer itself says of any file. */
const NEUTRAL =
  /^(major_brand|minor_version|compatible_brands|language|handler_name|vendor_id|service_name|service_provider|DURATION|encoder)$/;

describe.each(['mp4', 'mov', 'mkv', 'avi', 'ts', 'webm'])('%s', (container) => {
  test.each(['drop', 'keep'] as const)('carries no metadata with audio %s', async (audio) => {
    const input = file('secret.mkv');
    await makeClip(input, {
      metadata: SECRETS,
      streamMetadata: SECRETS,
      audio: 'aac',
      subtitle: 'SECRET-subtitle',
      attachment: true,
    });
    const before = await probeOutput(input);
    expect(before.tags).toMatchObject({ title: SECRETS.title });
    expect(before.bytes).toContain('SECRET');
    expect((await decodeAll(input)).info.streams).toEqual({
      video: 1,
      audio: 1,
      subtitle: 1,
      data: 0,
      attachment: 1,
    });

    const output = file(`clean-${audio}.${container}`);
    await copyVideo(input, output, { audio });
    const after = await probeOutput(output);
    expect(after.bytes).not.toMatch(/SECRET|2019-08-07|37\.5665|attached patient/);
    const names = [after.tags, ...after.streams.map(({ tags }) => tags)].flatMap(Object.keys);
    expect(names.filter((name) => !NEUTRAL.test(name))).toEqual([]);
    expect(after.streams).toHaveLength(audio === 'keep' ? 2 : 1);
  });
});

test('subtitles, dates and places of an mp4 are left behind', async () => {
  await makeClip(file('phone.mp4'), {
    metadata: SECRETS,
    streamMetadata: SECRETS,
    subtitle: 'SECRET-subtitle',
    muxOptions: { movflags: 'use_metadata_tags' },
  });
  const before = await probeOutput(file('phone.mp4'));
  expect(before.tags).toMatchObject({ title: SECRETS.title, model: SECRETS.model });
  expect(before.streams).toHaveLength(2);
  await copyVideo(file('phone.mp4'), file('phone-out.mp4'));
  const after = await probeOutput(file('phone-out.mp4'));
  expect(Object.keys(after.tags)).toEqual(['major_brand', 'minor_version', 'compatible_brands']);
  expect(after.tags).not.toHaveProperty('creation_time');
  expect(after.streams).toHaveLength(1);
  expect(after.bytes).not.toContain('SECRET');
});

test('user data in the coded pictures is left behind', async () => {
  await makeClip(file('sei.mp4'));
  const before = await probeOutput(file('sei.mp4'));
  // x264 signs its streams in an SEI: a user data message like any device's.
  expect(before.bytes).toContain('x264 - core');
  await copyVideo(file('sei.mp4'), file('sei-out.mp4'));
  expect((await probeOutput(file('sei-out.mp4'))).bytes).not.toMatch(/x264|Lavf|Lavc/);
});
