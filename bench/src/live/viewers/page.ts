/// <reference lib="dom" />
import { Device, type types } from 'mediasoup-client';

/** What the server answers `POST /NAME` with. */
async function ask<T>(name: string, body: object): Promise<T> {
  const response = await fetch(`/${name}`, { method: 'POST', body: JSON.stringify(body) });
  if (!response.ok) throw new Error(`${name}: ${response.status} ${await response.text()}`);
  return (await response.json()) as T;
}

const receivers: RTCRtpReceiver[] = [];

/** Opens one more viewer of a side: a connection of its own, its picture decoded and shown nowhere. */
async function addViewer(side: string): Promise<void> {
  const device = new Device();
  const routerRtpCapabilities = await ask<types.RtpCapabilities>('capabilities', { side });
  await device.load({ routerRtpCapabilities });
  const viewer = await ask<{ index: number; transport: types.TransportOptions }>('open', { side });
  const transport = device.createRecvTransport(viewer.transport);
  transport.on('connect', ({ dtlsParameters }, done, failed) => {
    ask('connect', { index: viewer.index, dtlsParameters }).then(done, failed);
  });
  const { recvRtpCapabilities: rtpCapabilities } = device;
  const offer = await ask<types.ConsumerOptions>('consume', {
    index: viewer.index,
    rtpCapabilities,
  });
  const consumer = await transport.consume(offer);
  if (consumer.rtpReceiver) receivers.push(consumer.rtpReceiver);
}

/** Packets that each viewer has received so far. */
async function packets(): Promise<number[]> {
  const reports = await Promise.all(receivers.map((receiver) => receiver.getStats()));
  return reports.map((report) => {
    for (const entry of report.values() as Iterable<{ type: string; packetsReceived?: number }>) {
      if (entry.type === 'inbound-rtp') return entry.packetsReceived ?? 0;
    }
    return 0;
  });
}

Object.assign(globalThis, { addViewer, packets });
