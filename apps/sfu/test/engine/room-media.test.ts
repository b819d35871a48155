import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import {
  type AnonymizedProducer,
  attest,
  Attestation,
  type MediaEngine,
  type PendingProducer,
  type RoomMedia,
} from '../../src/engine/index.ts';
import { h264Parameters, isRtp, keyframePacket, payloadOf, udp } from '../support/rtp.ts';
import { hasWorker, openEngine, unlessWorker } from '../support/worker.ts';

const vouch = (pending: PendingProducer): AnonymizedProducer =>
  attest(pending, Attestation.ofPipeline(pending.id, { profile: 'mixed', models: [] }));

describe.skipIf(!hasWorker)(`RoomMedia${unlessWorker}`, () => {
  let engine: MediaEngine;
  beforeAll(async () => {
    engine = await openEngine();
  });
  afterAll(() => {
    engine.close();
  });

  async function openRoom(): Promise<RoomMedia> {
    const media = await engine.openRoom({ onLost: () => undefined });
    onTestFinished(() => {
      media.close();
    });
    return media;
  }
  const video = (ssrc: number) => ({ kind: 'video', rtpParameters: h264Parameters(ssrc) }) as const;

  it('offers H.264 and VP8, sound in the room alone, and never abs-capture-time', async () => {
    const { roomCapabilities, ingestCapabilities } = await openRoom();
    for (const { codecs, headerExtensions } of [roomCapabilities, ingestCapabilities]) {
      const names = codecs?.map(({ mimeType }) => mimeType).filter((name) => !name.endsWith('rtx'));
      const isRoom = codecs === roomCapabilities.codecs;
      expect(names).toEqual(['video/H264', 'video/VP8', ...(isRoom ? ['audio/opus'] : [])]);
      expect(headerExtensions?.filter(({ uri }) => uri.includes('abs-capture-time'))).toEqual([]);
      expect(headerExtensions?.length).toBeGreaterThan(3);
    }
  });

  it('lets nobody consume an edge producer before it is attested', async () => {
    const media = await openRoom();
    const edge = await media.openEdgeTransport(4_000_000);
    const watch = await media.openWatchTransport();
    const pending = await edge.produce(video(1111));
    const unvouched = pending as unknown as AnonymizedProducer;
    await expect(watch.consume(unvouched, media.roomCapabilities)).rejects.toMatchObject({
      code: 'internal',
      message: expect.stringContaining('not attested') as string,
    });
    await expect(media.openTap(unvouched)).rejects.toMatchObject({ code: 'internal' });
    const viewing = await watch.consume(vouch(pending), media.roomCapabilities);
    expect(viewing).toMatchObject({ producerId: pending.id, kind: 'video', paused: true });
  });

  it('does not attest a producer by the attestation of another, nor by a forged one', async () => {
    const media = await openRoom();
    const edge = await media.openEdgeTransport(4_000_000);
    const pending = await edge.produce(video(1111));
    const ofAnother = Attestation.ofPipeline('another', { profile: 'mixed', models: [] });
    expect(() => attest(pending, ofAnother)).toThrow('not about this producer');
    const forged = {
      producerId: pending.id,
      profile: 'mixed',
      models: [],
    } as unknown as Attestation;
    expect(() => attest(pending, forged)).toThrow('not about this producer');
  });

  it('keeps raw video out of the room router, whatever it is called', async () => {
    const media = await openRoom();
    const raw = await (await media.openRawTransport(4_000_000)).produce(video(2222));
    const watch = await media.openWatchTransport();
    const posing = raw as unknown as AnonymizedProducer;
    await expect(watch.consume(posing, media.roomCapabilities)).rejects.toMatchObject({
      code: 'internal',
    });
    // Even vouched for by mistake, it is a producer of another router.
    const mistaken = vouch(raw as unknown as PendingProducer);
    await expect(watch.consume(mistaken, media.roomCapabilities)).rejects.toMatchObject({
      name: 'LiveError',
    });
  });

  it("carries a process's RTP to whoever consumes the room", async () => {
    const media = await openRoom();
    const raw = await (await media.openRawTransport(4_000_000)).produce(video(2222));
    const link = await media.openAnonymizerLink(raw, 'drape-test');
    const anonymizer = await udp();
    const scan = await udp();
    onTestFinished(() => {
      link.close();
      anonymizer.socket.close();
      scan.socket.close();
    });
    expect(link.input).toMatchObject({ mimeType: 'video/H264', clockRate: 90_000 });
    await link.start(anonymizer.at);
    const tap = await media.openTap(vouch(link.producer));
    await tap.start(scan.at);
    let sequence = 0;
    const timer = setInterval(() => {
      const { output } = link;
      anonymizer.socket.send(keyframePacket(output, ++sequence), output.port, output.ip);
    }, 10);
    onTestFinished(() => {
      clearInterval(timer);
    });
    const rtp = Promise.withResolvers<Buffer>();
    scan.socket.on('message', (packet) => {
      if (isRtp(packet)) rtp.resolve(packet);
    });
    const packet = await rtp.promise;
    expect(packet.readUInt8(1) & 0x7f).toBe(tap.description.payloadType);
    expect(packet.readUInt32BE(8)).toBe(tap.description.ssrc);
    expect([...payloadOf(packet).subarray(0, 4)]).toEqual([0x67, 0x42, 0xe0, 0x1f]);
    expect(await link.producer.packets()).toBeGreaterThan(0);
  });

  it('closes what comes back when the link closes', async () => {
    const media = await openRoom();
    const raw = await (await media.openRawTransport(4_000_000)).produce(video(2222));
    const link = await media.openAnonymizerLink(raw, 'drape-test');
    const watch = await media.openWatchTransport();
    const viewing = await watch.consume(vouch(link.producer), media.roomCapabilities);
    const ended = new Promise<void>((done) => {
      viewing.onEnded(done);
    });
    link.close();
    await expect(ended).resolves.toBeUndefined();
    expect(link.producer.closed).toBe(true);
    expect(await link.producer.packets()).toBeUndefined();
  });

  it('says what is wrong with a message of garbage instead of dying', async () => {
    const media = await openRoom();
    const edge = await media.openEdgeTransport(4_000_000);
    const av1 = { mimeType: 'video/AV1', payloadType: 102, clockRate: 90_000 };
    const rtpParameters = { ...h264Parameters(1), codecs: [av1] };
    await expect(edge.produce({ kind: 'video', rtpParameters })).rejects.toMatchObject({
      code: 'unsupported-media',
    });
    await edge.produce(video(1));
    await expect(edge.produce(video(1))).rejects.toMatchObject({ code: 'unsupported-media' });
    expect(engine.stats().workers).toEqual([{ rooms: 1, deaths: 0, running: true }]);
  });
});
