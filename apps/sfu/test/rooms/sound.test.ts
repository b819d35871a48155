import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { TestClient } from '../support/client.ts';
import { type House, openHouse } from '../support/house.ts';
import { h264Parameters, opusParameters } from '../support/rtp.ts';
import { goLiveEdge, stateOf, watch } from '../support/scenes.ts';
import { hasWorker, unlessWorker } from '../support/worker.ts';

const everybodyAgreed = true;

async function soundTransport(publisher: TestClient): Promise<string> {
  return (await publisher.request('transport:create', { purpose: 'publish-sound' })).id;
}

async function startSound(publisher: TestClient, ssrc = 77): Promise<string> {
  const transportId = await soundTransport(publisher);
  const rtpParameters = opusParameters(ssrc);
  const request = { transportId, rtpParameters, everybodyAgreed } as const;
  return (await publisher.request('sound:start', request)).producerId;
}

describe.skipIf(!hasWorker)(`sound${unlessWorker}`, () => {
  let house: House;
  beforeEach(async () => {
    house = await openHouse();
  });
  afterEach(async () => {
    await house.close();
  });

  it('is off until the publisher says that everybody agreed, and is told to all', async () => {
    const viewer = await house.join('viewer');
    await watch(viewer);
    const publisher = await house.join('publisher');
    await goLiveEdge(publisher);
    const live = await stateOf(viewer, (state) => state.live);
    expect(live.sound).toBeUndefined();
    expect(viewer.all('watch:sound')).toEqual([]);
    const producerId = await startSound(publisher);
    const offered = await viewer.next('watch:sound');
    expect(offered).toMatchObject({ producerId });
    await viewer.request('watch:resume', { consumerId: offered.consumerId });
    expect(await stateOf(viewer, ({ sound }) => sound === true)).toMatchObject({ live: true });
    const late = await house.join('viewer');
    await watch(late);
    expect(await late.next('watch:sound')).toMatchObject({ producerId });
    await publisher.request('sound:stop', {});
    const { consumerId } = offered;
    await viewer.next('watch:closed', (closed) => closed.consumerId === consumerId);
    const off = viewer.all('room:state').at(-1);
    expect(off?.sound).toBeUndefined();
  });

  it('ends with what it goes with', async () => {
    const publisher = await house.join('publisher');
    await goLiveEdge(publisher);
    await startSound(publisher);
    const viewer = await house.join('viewer');
    await watch(viewer);
    const { consumerId } = await viewer.next('watch:sound');
    await publisher.request('publish:stop', {});
    await viewer.next('watch:closed', (closed) => closed.consumerId === consumerId);
    expect(viewer.all('room:state').at(-1)).toMatchObject({ mode: 'off' });
    await expect(startSound(publisher)).rejects.toMatchObject({ code: 'wrong-state' });
  });

  it('is replaced by a second start, and never heard twice', async () => {
    const publisher = await house.join('publisher');
    await goLiveEdge(publisher);
    const first = await startSound(publisher, 80);
    const viewer = await house.join('viewer');
    await watch(viewer);
    const { consumerId } = await viewer.next('watch:sound', (one) => one.producerId === first);
    const second = await startSound(publisher, 81);
    await viewer.next('watch:closed', (closed) => closed.consumerId === consumerId);
    await viewer.next('watch:sound', (one) => one.producerId === second);
  });

  it('takes no word but yes, no picture, no other transport and nobody else', async () => {
    const publisher = await house.join('publisher');
    await goLiveEdge(publisher);
    const transportId = await soundTransport(publisher);
    const rtpParameters = opusParameters(90);
    const silent = { transportId, rtpParameters, everybodyAgreed: false };
    await expect(publisher.request('sound:start', silent as never)).rejects.toMatchObject({
      code: 'malformed',
    });
    const picture = { transportId, rtpParameters: h264Parameters(91), everybodyAgreed } as const;
    await expect(publisher.request('sound:start', picture)).rejects.toMatchObject({
      code: 'unsupported-media',
    });
    const [opus] = rtpParameters.codecs;
    const [h264] = picture.rtpParameters.codecs;
    if (!opus || !h264) throw new Error('no codecs');
    const both = { ...picture, rtpParameters: { ...rtpParameters, codecs: [opus, h264] } };
    await expect(publisher.request('sound:start', both)).rejects.toMatchObject({
      code: 'unsupported-media',
    });
    const { id: edge } = await publisher.request('transport:create', { purpose: 'publish-edge' });
    const elsewhere = { transportId: edge, rtpParameters, everybodyAgreed } as const;
    await expect(publisher.request('sound:start', elsewhere)).rejects.toMatchObject({
      code: 'wrong-state',
    });
    const viewer = await house.join('viewer');
    await watch(viewer);
    await expect(soundTransport(viewer)).rejects.toMatchObject({ code: 'forbidden' });
    await expect(viewer.request('sound:stop', {})).rejects.toMatchObject({ code: 'forbidden' });
    expect(viewer.all('watch:sound')).toEqual([]);
  });
});
