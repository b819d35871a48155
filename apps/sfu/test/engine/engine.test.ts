import { describe, expect, it, onTestFinished } from 'vitest';
import type { MediaEngine } from '../../src/engine/index.ts';
import { silent } from '../support/log.ts';
import { hasWorker, openEngine, unlessWorker } from '../support/worker.ts';
import { udp } from '../support/rtp.ts';
import { workerPids } from '../support/pids.ts';

describe.skipIf(!hasWorker)(`MediaEngine${unlessWorker}`, () => {
  async function open(options: Parameters<typeof openEngine>[0] = {}): Promise<MediaEngine> {
    const engine = await openEngine(options);
    onTestFinished(() => {
      engine.close();
    });
    return engine;
  }

  it('replaces a worker that was killed, and tells the rooms on it', async () => {
    const before = workerPids();
    const engine = await open();
    const [pid] = workerPids().filter((one) => !before.includes(one));
    const lost = Promise.withResolvers<undefined>();
    const media = await engine.openRoom({
      onLost: () => {
        lost.resolve(undefined);
      },
    });
    process.kill(pid ?? Number.NaN, 'SIGKILL');
    await lost.promise;
    expect(media.closed).toBe(true);
    await expect(media.openWatchTransport()).rejects.toMatchObject({ code: 'media-unavailable' });
    const again = await engine.openRoom({ onLost: () => undefined });
    await expect(again.openWatchTransport()).resolves.toMatchObject({ purpose: 'watch' });
    expect(engine.stats().workers).toEqual([{ rooms: 1, deaths: 1, running: true }]);
  });

  it('puts a room on the worker with the fewest', async () => {
    const engine = await open({ workers: 2 });
    const rooms = [];
    for (let i = 0; i < 4; i++) rooms.push(await engine.openRoom({ onLost: () => undefined }));
    expect(engine.stats().workers.map(({ rooms }) => rooms)).toEqual([2, 2]);
    rooms[0]?.close();
    rooms[0]?.close();
    expect(engine.stats().workers.map(({ rooms }) => rooms)).toEqual([1, 2]);
  });

  it('names the port that is taken and the variable to set', async () => {
    const { socket, at } = await udp();
    onTestFinished(() => {
      socket.close();
    });
    await expect(openEngine({ port: at.port })).rejects.toThrow(
      new RegExp(`port ${at.port} .*DRAPE_RTC_PORT`),
    );
  });

  it('says how to get a worker that does not run', async () => {
    await expect(openEngine({ workerBin: '/nowhere/mediasoup-worker' })).rejects.toThrow(
      /nowhere.*npm run setup/,
    );
  });

  it('opens nothing any more once it is closed', async () => {
    const engine = await openEngine({ log: silent });
    engine.close();
    engine.close();
    await expect(engine.openRoom({ onLost: () => undefined })).rejects.toMatchObject({
      code: 'shutting-down',
    });
  });
});
