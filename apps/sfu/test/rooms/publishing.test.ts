import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type House, openHouse, TIMES } from '../support/house.ts';
import {
  consumerOf,
  goLiveEdge,
  goLiveServer,
  produceEdge,
  stateOf,
  watch,
} from '../support/scenes.ts';
import { hasWorker, unlessWorker } from '../support/worker.ts';

describe.skipIf(!hasWorker)(`publishing${unlessWorker}`, () => {
  let house: House;
  beforeEach(async () => {
    house = await openHouse();
  });
  afterEach(async () => {
    await house.close();
  });

  it('shows an edge epoch to viewers once it is attested, and not before', async () => {
    const viewer = await house.join('viewer');
    await watch(viewer);
    const publisher = await house.join('publisher');
    const { epoch, producerId, statement, key } = await produceEdge(publisher);
    expect(await stateOf(viewer, ({ mode }) => mode === 'covered')).toMatchObject({
      live: false,
      cause: 'starting',
    });
    // A request's answer comes after everything that was sent to this client before.
    await viewer.request('room:join', {});
    expect(viewer.all('watch:consumer')).toEqual([]);
    const signature = await key.sign(statement);
    await publisher.request('publish:attest', { epoch, statement, signature });
    const consumer = await consumerOf(viewer, epoch);
    expect(consumer).toMatchObject({ producerId, kind: 'video' });
    expect(await stateOf(viewer, ({ live }) => live)).toMatchObject({
      mode: 'edge',
      epoch,
      viewers: 1,
      profile: 'mixed',
      holdMs: 200,
    });
    await viewer.request('watch:resume', { consumerId: consumer.consumerId });
    await viewer.request('watch:keyframe', { consumerId: consumer.consumerId });
  });

  it('shows it to those who come later', async () => {
    const publisher = await house.join('publisher');
    const { epoch, producerId } = await goLiveEdge(publisher);
    const viewer = await house.join('viewer');
    await watch(viewer);
    expect(await consumerOf(viewer, epoch)).toMatchObject({ producerId });
  });

  it('refuses an attestation that does not hold, and shows nothing', async () => {
    const viewer = await house.join('viewer');
    await watch(viewer);
    const publisher = await house.join('publisher');
    const { epoch, statement, key } = await produceEdge(publisher);
    const lie = { ...statement, models: [{ id: 'face-centerface', sha256: 'b'.repeat(64) }] };
    const signature = await key.sign(lie);
    expect(
      await publisher.refusal('publish:attest', { epoch, statement: lie, signature }),
    ).toMatchObject({ code: 'attestation-refused', retryable: false });
    await viewer.request('room:join', {});
    expect(viewer.all('watch:consumer')).toEqual([]);
    expect(house.rooms.state('room-1').live).toBe(false);
  });

  it('shows what the anonymizer attests in server mode', async () => {
    const viewer = await house.join('viewer');
    await watch(viewer);
    const publisher = await house.join('publisher');
    const { epoch, producerId } = await goLiveServer(publisher, 'strict');
    const consumer = await consumerOf(viewer, epoch);
    expect(consumer.producerId).not.toBe(producerId);
    expect(await stateOf(viewer, ({ live }) => live)).toMatchObject({ mode: 'server', epoch });
    expect(house.anonymizers.runs[0]?.request).toMatchObject({
      roomId: 'room-1',
      epoch,
      profile: 'or-camera',
      style: { kind: 'pixelate' },
      holdMs: 200,
      input: { mimeType: 'video/H264', clockRate: 90_000 },
      output: { mimeType: 'video/H264', ip: '127.0.0.1' },
    });
  });

  it('takes the strict profile in server mode only', async () => {
    const publisher = await house.join('publisher');
    const refused = await publisher.refusal('publish:start', {
      mode: 'edge',
      profile: 'strict',
      style: { kind: 'blur' },
      holdMs: 200,
    });
    expect(refused.code).toBe('edge-refused');
  });

  it('hands over from edge to server and back without a hole', async () => {
    const viewer = await house.join('viewer');
    await watch(viewer);
    const publisher = await house.join('publisher');
    const first = await goLiveEdge(publisher);
    const edge = await consumerOf(viewer, first.epoch);
    const { epoch } = await goLiveServer(publisher);
    await consumerOf(viewer, epoch);
    expect(viewer.all('watch:closed')).toEqual([]);
    expect(await publisher.next('publish:closed')).toEqual({
      epoch: first.epoch,
      cause: 'handed-over',
    });
    expect(await viewer.next('watch:closed')).toEqual({ consumerId: edge.consumerId });
    viewer.forget();
    const last = await goLiveEdge(publisher);
    await consumerOf(viewer, last.epoch);
    expect(viewer.all('room:state').filter(({ live }) => !live)).toEqual([]);
    expect(last.epoch).toBeGreaterThan(epoch);
  });

  it('covers while a dead anonymizer is replaced, in an epoch of its own', async () => {
    const viewer = await house.join('viewer');
    await watch(viewer);
    const publisher = await house.join('publisher');
    const { epoch } = await goLiveServer(publisher);
    const before = await consumerOf(viewer, epoch);
    viewer.forget();
    house.anonymizers.failures = 1;
    house.anonymizers.runs[0]?.die();
    expect(await stateOf(viewer, ({ mode }) => mode === 'covered')).toMatchObject({
      live: false,
      cause: 'anonymizer-ended',
    });
    const after = await viewer.next('watch:consumer');
    expect(after.epoch).toBeGreaterThan(epoch);
    expect(viewer.all('watch:closed')).toEqual([{ consumerId: before.consumerId }]);
    expect(await stateOf(viewer, ({ live }) => live)).toMatchObject({ epoch: after.epoch });
    expect(house.rooms.room('room-1')?.record.incidents[0]).toMatchObject({
      kind: 'anonymizer-ended',
    });
  });

  it('says that a picture has stopped, and that it is back', async () => {
    const publisher = await house.join('publisher');
    await goLiveServer(publisher);
    await stateOf(publisher, ({ live }) => live);
    house.anonymizers.runs[0]?.mute(true);
    publisher.forget();
    expect(await stateOf(publisher, ({ live }) => !live)).toMatchObject({
      mode: 'covered',
      cause: 'publisher-stalled',
    });
    house.anonymizers.runs[0]?.mute(false);
    expect(await stateOf(publisher, ({ live }) => live)).toMatchObject({ mode: 'server' });
  });

  it('keeps the epoch before while the new one has no packets yet', async () => {
    const viewer = await house.join('viewer');
    await watch(viewer);
    const publisher = await house.join('publisher');
    const first = await goLiveServer(publisher);
    await consumerOf(viewer, first.epoch);
    const quiet = await goLiveEdge(publisher);
    await consumerOf(viewer, quiet.epoch);
    await stateOf(viewer, ({ epoch }) => epoch === quiet.epoch);
    expect(viewer.all('watch:closed')).toEqual([]);
    // Its packets never come: then the room says so, and the one before ends, too.
    viewer.forget();
    expect(await stateOf(viewer, ({ live }) => !live)).toMatchObject({
      cause: 'publisher-stalled',
    });
    expect(await publisher.next('publish:closed')).toEqual({
      epoch: first.epoch,
      cause: 'handed-over',
    });
  });

  it('lets a second publisher in only when the first has stopped or is away', async () => {
    const first = await house.join('publisher:a');
    const second = await house.join('publisher:b');
    await produceEdge(first);
    const start = { mode: 'server', profile: 'mixed', style: { kind: 'blur' }, holdMs: 0 } as const;
    expect(await second.refusal('publish:start', start)).toMatchObject({
      code: 'publisher-present',
      retryable: true,
    });
    second.forget();
    await first.request('publish:stop', {});
    expect(await stateOf(second, ({ mode }) => mode === 'off')).toMatchObject({ cause: 'stopped' });
    await expect(second.request('publish:start', start)).resolves.toMatchObject({
      maxBitrateBps: 4_000_000,
    });
    expect(await first.refusal('publish:start', start)).toMatchObject({
      code: 'publisher-present',
    });
    second.close();
    await second.gone();
    await expect(first.request('publish:start', start)).resolves.toMatchObject({});
  });

  it('ends everything of a publisher that stops', async () => {
    const viewer = await house.join('viewer');
    await watch(viewer);
    const publisher = await house.join('publisher');
    const { epoch } = await goLiveServer(publisher);
    const { consumerId } = await consumerOf(viewer, epoch);
    await publisher.request('publish:stop', {});
    expect(await viewer.next('watch:closed')).toEqual({ consumerId });
    expect(await publisher.next('publish:closed')).toEqual({ epoch, cause: 'stopped' });
    await expect.poll(() => house.anonymizers.runs[0]?.closed).toBe(true);
    expect(house.rooms.state('room-1')).toMatchObject({ mode: 'off', cause: 'stopped' });
  });

  it('gives up an epoch that nobody attests', async () => {
    await house.close();
    house = await openHouse({ times: { ...TIMES, setUpMs: 100 } });
    const publisher = await house.join('publisher');
    const { epoch, statement, key } = await produceEdge(publisher);
    expect(await publisher.next('publish:closed')).toEqual({ epoch, cause: 'publisher-stalled' });
    const signature = await key.sign(statement);
    expect(
      await publisher.refusal('publish:attest', { epoch, statement, signature }),
    ).toMatchObject({ code: 'wrong-state' });
  });
});
