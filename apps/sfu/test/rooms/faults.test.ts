import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ScanEvents } from '../../src/rooms/index.ts';
import { type House, openHouse } from '../support/house.ts';
import { workerPids } from '../support/pids.ts';
import { isRtp, udp } from '../support/rtp.ts';
import { consumerOf, goLiveEdge, goLiveServer, stateOf, watch } from '../support/scenes.ts';
import { hasWorker, unlessWorker } from '../support/worker.ts';

describe.skipIf(!hasWorker)(`faults${unlessWorker}`, () => {
  let house: House;
  const scans: { readonly epoch: number; readonly events: ScanEvents; rtp: number }[] = [];

  beforeEach(async () => {
    scans.length = 0;
    house = await openHouse({
      openScan: async ({ epoch }, events) => {
        const { socket, at } = await udp();
        const scan = { epoch, events, rtp: 0 };
        socket.on('message', (packet) => {
          if (isRtp(packet)) scan.rtp++;
        });
        scans.push(scan);
        let closed = false;
        return {
          listen: at,
          close: () => {
            if (!closed) socket.close();
            closed = true;
            return Promise.resolve();
          },
        };
      },
    });
  });
  afterEach(async () => {
    await house.close();
  });

  it('rebuilds a room after its media worker was killed; sessions stay', async () => {
    const viewer = await house.join('viewer');
    await watch(viewer);
    const publisher = await house.join('publisher');
    const { epoch } = await goLiveEdge(publisher);
    await consumerOf(viewer, epoch);
    viewer.forget();
    for (const pid of workerPids()) process.kill(pid, 'SIGKILL');
    expect(await stateOf(viewer, ({ mode }) => mode === 'covered')).toMatchObject({
      live: false,
      cause: 'media-restarted',
    });
    const { ingestCapabilities } = await publisher.next('media:reset');
    expect(ingestCapabilities?.codecs?.length).toBeGreaterThan(0);
    expect(await viewer.next('media:reset')).not.toHaveProperty('ingestCapabilities');
    expect(await publisher.next('publish:closed')).toEqual({ epoch, cause: 'media-restarted' });
    await watch(viewer);
    const again = await goLiveEdge(publisher);
    expect(again.epoch).toBeGreaterThan(epoch);
    await consumerOf(viewer, again.epoch);
    expect(house.engine.stats().workers).toEqual([{ rooms: 1, deaths: 1, running: true }]);
  });

  it('puts a warm spare in the place of an anonymizer that died, and warms up another', async () => {
    await house.close();
    house = await openHouse({ maySpare: () => true });
    const { runs } = house.anonymizers;
    const viewer = await house.join('viewer');
    await watch(viewer);
    const publisher = await house.join('publisher');
    const { epoch } = await goLiveServer(publisher);
    await consumerOf(viewer, epoch);
    await expect.poll(() => runs.length).toBe(2);
    // No other could be started now.
    house.anonymizers.failures = 1;
    runs[0]?.die();
    expect(await stateOf(viewer, ({ mode }) => mode === 'covered')).toBeDefined();
    const { epoch: next } = await viewer.next('watch:consumer', (one) => one.epoch > epoch);
    expect(next).toBe(runs[1]?.request.epoch);
    expect(house.anonymizers.failures).toBe(1);
    await expect.poll(() => house.anonymizers.failures).toBe(0);
    await publisher.request('publish:stop', {});
    await expect.poll(() => runs.map(({ closed }) => closed)).toEqual([true, true]);
  });

  it('ends a spare with its source, also one that is just being started', async () => {
    await house.close();
    house = await openHouse({ maySpare: () => true });
    const publisher = await house.join('publisher');
    await goLiveServer(publisher);
    await expect.poll(() => house.anonymizers.runs.length).toBe(2);
    await goLiveEdge(publisher);
    await publisher.request('publish:stop', {});
    await expect
      .poll(() => house.anonymizers.runs.map(({ closed }) => closed))
      .toEqual([true, true]);
  });

  it('takes the picture away at once when the scan sees something at the edge', async () => {
    const viewer = await house.join('viewer');
    await watch(viewer);
    const publisher = await house.join('publisher');
    const { epoch } = await goLiveEdge(publisher);
    const { consumerId } = await consumerOf(viewer, epoch);
    await expect.poll(() => scans.length).toBe(1);
    viewer.forget();
    scans[0]?.events.onHit({ class: 'face', score: 0.9 });
    expect(await viewer.next('watch:closed')).toEqual({ consumerId });
    expect(await stateOf(viewer, ({ mode }) => mode === 'covered')).toMatchObject({
      cause: 'residual-hit',
    });
    expect(await publisher.next('publish:order')).toEqual({ to: 'server', cause: 'residual-hit' });
    await expect(goLiveEdge(publisher)).rejects.toMatchObject({ code: 'edge-refused' });
    const server = await goLiveServer(publisher);
    await consumerOf(viewer, server.epoch);
    expect(house.rooms.room('room-1')?.record).toMatchObject({
      incidents: [{ kind: 'residual-hit', epoch, detail: 'face 0.90' }],
      epochs: [
        { epoch, mode: 'edge' },
        { epoch: server.epoch, mode: 'server' },
      ],
    });
  });

  it('lets the scan look at each epoch, and counts a hit in the server as an incident only', async () => {
    const publisher = await house.join('publisher');
    const { epoch } = await goLiveServer(publisher);
    await expect.poll(() => scans[0]?.rtp ?? 0).toBeGreaterThan(0);
    expect(scans[0]?.epoch).toBe(epoch);
    scans[0]?.events.onHit({ class: 'text', score: 0.5 });
    await publisher.request('room:join', {});
    expect(house.rooms.state('room-1')).toMatchObject({ live: true, mode: 'server' });
    expect(house.rooms.stats()).toMatchObject({
      incidents: { 'residual-hit': 1 },
      epochs: 1,
      liveRooms: 1,
    });
  });

  it('resumes a session by its own secret, with what it missed', async () => {
    const viewer = await house.join('viewer');
    const { resume, sessionId } = await viewer.next('welcome');
    await watch(viewer);
    viewer.close();
    await viewer.gone();
    const publisher = await house.join('publisher');
    const { epoch } = await goLiveEdge(publisher);
    const back = await house.join('viewer', { resume });
    expect(await back.next('welcome')).toMatchObject({ sessionId, resumed: true });
    const { consumerId } = await consumerOf(back, epoch);
    await expect(back.request('watch:resume', { consumerId })).resolves.toEqual({});
  });

  it('resumes for nobody else, and not for ever', async () => {
    const viewer = await house.join('viewer:a');
    const { resume, sessionId } = await viewer.next('welcome');
    const thief = await house.join('viewer:b', { resume });
    expect(await thief.next('welcome')).toMatchObject({ resumed: false });
    expect((await thief.next('welcome')).sessionId).not.toBe(sessionId);
    viewer.close();
    await expect.poll(() => house.rooms.stats().sessions, { timeout: 5000 }).toBe(1);
    const late = await house.join('viewer:a', { resume });
    expect(await late.next('welcome')).toMatchObject({ resumed: false });
  });

  it('keeps a publisher that is away for its grace, then ends its picture', async () => {
    const viewer = await house.join('viewer');
    await watch(viewer);
    const publisher = await house.join('publisher');
    const { epoch } = await goLiveServer(publisher);
    const { consumerId } = await consumerOf(viewer, epoch);
    publisher.close();
    await publisher.gone();
    expect(house.rooms.state('room-1').live).toBe(true);
    expect(await viewer.next('watch:closed')).toEqual({ consumerId });
    expect(await stateOf(viewer, ({ mode }) => mode === 'off')).toMatchObject({
      cause: 'no-publisher',
    });
  });

  it('gives the room to a publisher who finds the first one away', async () => {
    const first = await house.join('publisher:a');
    const { resume } = await first.next('welcome');
    await goLiveEdge(first);
    first.close();
    await first.gone();
    const second = await house.join('publisher:b');
    const { epoch } = await goLiveEdge(second);
    expect(await stateOf(second, (state) => state.epoch === epoch)).toMatchObject({ live: true });
    const back = await house.join('publisher:a', { resume });
    expect(await back.next('welcome')).toMatchObject({ resumed: false });
    await expect(goLiveEdge(back)).rejects.toMatchObject({ code: 'publisher-present' });
  });

  it('ends sessions of a revoked token, of an expired one, and of a closed room', async () => {
    const revoked = await house.join('viewer:a');
    house.rooms.endToken('a', 'revoked');
    expect(await revoked.next('session:ended')).toEqual({ reason: 'revoked' });
    await revoked.gone();
    const expired = await house.join('viewer:short');
    expect(await expired.next('session:ended')).toEqual({ reason: 'expired' });
    const viewer = await house.join('viewer');
    house.rooms.closeRoom('room-1');
    expect(await viewer.next('session:ended')).toEqual({ reason: 'room-closed' });
    await viewer.gone();
    expect(house.rooms.stats()).toMatchObject({ rooms: 0, sessions: 0 });
  });

  it('tells everybody when the server shuts down', async () => {
    const viewer = await house.join('viewer');
    const publisher = await house.join('publisher');
    await goLiveServer(publisher);
    await stateOf(viewer, ({ live }) => live);
    house.rooms.close();
    for (const client of [viewer, publisher]) {
      expect(await client.next('session:ended')).toEqual({ reason: 'shutting-down' });
      await client.gone();
    }
    await expect.poll(() => house.anonymizers.runs[0]?.closed).toBe(true);
    await expect(house.join('viewer')).rejects.toMatchObject({ code: 'shutting-down' });
  });
});
