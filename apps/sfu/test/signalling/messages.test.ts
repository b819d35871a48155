import { request } from 'node:http';
import fc from 'fast-check';
import { io } from 'socket.io-client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { REQUESTS } from '@drape/contract';
import { type House, openHouse } from '../support/house.ts';
import { watch } from '../support/scenes.ts';
import { hasWorker, unlessWorker } from '../support/worker.ts';

describe.skipIf(!hasWorker)(`messages${unlessWorker}`, () => {
  let house: House;
  beforeAll(async () => {
    house = await openHouse();
  });
  afterAll(async () => {
    await house.close();
  });

  it('admits nobody without a good token and the right protocol', async () => {
    await expect(house.join('nonsense')).rejects.toMatchObject({ code: 'unauthenticated' });
    await expect(house.join('expired')).rejects.toMatchObject({ code: 'token-expired' });
    await expect(house.join('')).rejects.toMatchObject({ code: 'malformed' });
    await expect(house.join('viewer', { protocol: 2 })).rejects.toMatchObject({
      code: 'protocol-mismatch',
      message: expect.stringContaining('reload') as string,
    });
    await expect(house.join('viewer', { resume: 'short' })).rejects.toMatchObject({
      code: 'malformed',
      message: 'handshake: resume',
    });
    expect(house.rooms.stats().sessions).toBe(0);
  });

  it('admits no page of another origin', async () => {
    const socket = io(house.url, {
      auth: { token: 'viewer', protocol: 1 },
      transports: ['websocket'],
      reconnection: false,
      extraHeaders: { origin: 'https://elsewhere.example' },
    });
    const refused = await new Promise((done) => socket.once('connect_error', done));
    expect(refused).toBeInstanceOf(Error);
    socket.disconnect();
  });

  it('tells each role what it may', async () => {
    const viewer = await house.join('viewer');
    const joined = await viewer.request('room:join', {});
    expect(joined).toMatchObject({ room: { id: 'room-1', title: 'Theatre 1' }, role: 'viewer' });
    expect(joined).not.toHaveProperty('ingestCapabilities');
    const start = { mode: 'server', profile: 'mixed', style: { kind: 'blur' }, holdMs: 0 };
    for (const refused of [
      await viewer.refusal('transport:create', { purpose: 'publish-raw' }),
      await viewer.refusal('transport:create', { purpose: 'publish-edge' }),
      await viewer.refusal('publish:start', start),
      await viewer.refusal('publish:stop', {}),
    ]) {
      expect(refused.code).toBe('forbidden');
    }
    const publisher = await house.join('publisher');
    expect(await publisher.request('room:join', {})).toHaveProperty('ingestCapabilities');
    const administrator = await house.join('administrator', { room: 'room-1' });
    expect(await administrator.request('room:join', {})).toMatchObject({ role: 'administrator' });
    await expect(watch(administrator)).resolves.toBeUndefined();
  });

  it('answers what comes out of order with what is missing', async () => {
    const publisher = await house.join('publisher');
    const { id } = await publisher.request('transport:create', { purpose: 'publish-raw' });
    const rtpParameters = { codecs: [{ mimeType: 'video/H264', payloadType: 1, clockRate: 1 }] };
    const produce = { epoch: 1, transportId: id, kind: 'video', rtpParameters };
    expect(await publisher.refusal('publish:produce', produce)).toMatchObject({
      code: 'wrong-state',
      message: 'send publish:start first',
    });
    const terms = { profile: 'mixed', style: { kind: 'blur' }, holdMs: 0 } as const;
    const edge = { mode: 'edge', ...terms };
    expect(await publisher.refusal('publish:start', edge)).toMatchObject({
      code: 'malformed',
      message: expect.stringContaining('publicKey') as string,
    });
    const { epoch } = await publisher.request('publish:start', { mode: 'server', ...terms });
    expect(
      await publisher.refusal('publish:produce', { ...produce, epoch: epoch + 7 }),
    ).toMatchObject({ code: 'stale-epoch' });
    expect(await publisher.refusal('publish:produce', { ...produce, epoch })).toMatchObject({
      code: 'unsupported-media',
    });
    expect(
      await publisher.refusal('publish:produce', { ...produce, epoch, kind: 'audio' }),
    ).toMatchObject({
      code: 'unsupported-media',
      message: expect.stringContaining('sound:start') as string,
    });
    const { id: edgeId } = await publisher.request('transport:create', { purpose: 'publish-edge' });
    expect(
      await publisher.refusal('publish:produce', { ...produce, epoch, transportId: edgeId }),
    ).toMatchObject({ code: 'wrong-state' });
    expect(
      await publisher.refusal('watch:start', { transportId: id, rtpCapabilities: {} }),
    ).toMatchObject({ code: 'wrong-state' });
    expect(await publisher.refusal('watch:resume', { consumerId: 'none' })).toMatchObject({
      code: 'not-found',
    });
    expect(await publisher.refusal('transport:restart-ice', { transportId: 'none' })).toMatchObject(
      {
        code: 'not-found',
      },
    );
    publisher.close();
  });

  it('keeps two transports of a purpose and closes older ones', async () => {
    const viewer = await house.join('viewer');
    const ids = [];
    for (let i = 0; i < 3; i++) {
      ids.push((await viewer.request('transport:create', { purpose: 'watch' })).id);
    }
    expect(await viewer.refusal('transport:restart-ice', { transportId: ids[0] })).toMatchObject({
      code: 'not-found',
    });
    for (const transportId of ids.slice(1)) {
      await expect(
        viewer.request('transport:restart-ice', { transportId }),
      ).resolves.toHaveProperty('iceParameters.usernameFragment');
    }
  });

  it('refuses a malformed message and names the field', async () => {
    const viewer = await house.join('viewer');
    expect(await viewer.refusal('no:such', {})).toMatchObject({ code: 'malformed' });
    expect(await viewer.refusal('constructor', {})).toMatchObject({ code: 'malformed' });
    expect(await viewer.refusal('room:join', {}, {})).toMatchObject({ code: 'malformed' });
    expect(await viewer.refusal('transport:create', { purpose: 'steal' })).toMatchObject({
      code: 'malformed',
      message: expect.stringContaining('purpose') as string,
    });
    const fingerprints = [{ algorithm: 'sha-256', value: 'garbage' }];
    const connect = { transportId: 'x', dtlsParameters: { fingerprints } };
    expect(await viewer.refusal('transport:connect', connect)).toMatchObject({
      code: 'malformed',
      message: expect.stringContaining('dtlsParameters.fingerprints.0.value') as string,
    });
    expect(await viewer.refusal('transport:create', null)).toMatchObject({ code: 'malformed' });
    viewer.socket.emit('room:join', {}, undefined as never);
    await expect(viewer.request('room:join', {})).resolves.toMatchObject({ role: 'viewer' });
  });

  it('survives anything that JSON can say', async () => {
    const names = fc.constantFrom(...Object.keys(REQUESTS));
    await fc.assert(
      fc.asyncProperty(names, fc.jsonValue({ maxDepth: 3 }), async (name, body) => {
        const client = await house.join('publisher:fuzz');
        const reply = (await client.raw(name, body)) as { ok: boolean; error?: { code: string } };
        if (!reply.ok) expect(reply.error?.code).not.toBe('internal');
        client.close();
      }),
      { numRuns: 60 },
    );
    house.rooms.endToken('fuzz', 'revoked');
  });

  it('cuts a client that sends a huge message, or a binary one, and nobody else', async () => {
    const bystander = await house.join('viewer');
    const huge = await house.join('viewer');
    huge.socket.emit('room:join', { padding: 'x'.repeat(100_000) } as never, () => undefined);
    await huge.gone();
    const binary = await house.join('viewer');
    binary.socket.emit('room:join', { bytes: Buffer.alloc(10) } as never, () => undefined);
    await binary.gone();
    await expect(bystander.request('room:join', {})).resolves.toMatchObject({ role: 'viewer' });
  });

  it('slows a flood down, then ends it', async () => {
    const bystander = await house.join('viewer');
    const busy = await house.join('viewer');
    const replies = await Promise.all(
      Array.from({ length: 90 }, () => busy.raw('room:join', {}) as Promise<{ error?: object }>),
    );
    const refused = replies.filter(({ error }) => error);
    expect(refused.length).toBeGreaterThan(20);
    expect(refused[0]?.error).toMatchObject({ code: 'rate-limited', retryable: true });
    const flood = await house.join('viewer');
    for (let i = 0; i < 2000; i++) flood.socket.emit('room:join', {}, () => undefined);
    await flood.gone();
    await expect(bystander.request('room:join', {})).resolves.toMatchObject({ role: 'viewer' });
  });

  it('refuses garbage below socket.io', async () => {
    const status = await new Promise<number | undefined>((done, fail) => {
      const asked = request(
        `${house.url}/socket.io/?EIO=4&transport=polling&sid=nobody`,
        (answer) => {
          answer.resume();
          done(answer.statusCode);
        },
      );
      asked.on('error', fail);
      asked.end();
    });
    expect(status).toBe(400);
  });

  it('takes no more viewers than it should', async () => {
    const full = await openHouse({ limits: { maxViewers: 1, maxBitrateBps: 1_000_000 } });
    try {
      await full.join('viewer:1');
      await expect(full.join('viewer:2')).rejects.toMatchObject({
        code: 'room-full',
        retryable: true,
      });
      await expect(full.join('publisher')).resolves.toBeDefined();
    } finally {
      await full.close();
    }
  });
});
