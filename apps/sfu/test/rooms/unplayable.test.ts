import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type House, openHouse } from '../support/house.ts';
import { goLiveEdge, watch } from '../support/scenes.ts';
import { hasWorker, unlessWorker } from '../support/worker.ts';

const H264 = ['video/H264'];

// Firefox has H.264 from a plugin that it downloads: in a closed network it has none.
describe.skipIf(!hasWorker)(`a viewer that lacks the format${unlessWorker}`, () => {
  let house: House;
  beforeEach(async () => {
    house = await openHouse();
  });
  afterEach(async () => {
    await house.close();
  });

  it('is told so when something goes live, and each time anew', async () => {
    const viewer = await house.join('viewer');
    await watch(viewer, H264);
    const publisher = await house.join('publisher');
    const first = await goLiveEdge(publisher);
    await viewer.next('watch:unplayable', ({ epoch }) => epoch === first.epoch);
    const second = await goLiveEdge(publisher);
    await viewer.next('watch:unplayable', ({ epoch }) => epoch === second.epoch);
    expect(viewer.all('watch:consumer')).toEqual([]);
  });

  it('is told so when it comes later, and costs the others nothing', async () => {
    const publisher = await house.join('publisher');
    const { epoch } = await goLiveEdge(publisher);
    const [lacking, other] = [await house.join('viewer'), await house.join('viewer')];
    await watch(lacking, H264);
    await watch(other);
    await lacking.next('watch:unplayable', (told) => told.epoch === epoch);
    await other.next('watch:consumer', (offer) => offer.epoch === epoch);
    expect(other.all('watch:unplayable')).toEqual([]);
  });
});
