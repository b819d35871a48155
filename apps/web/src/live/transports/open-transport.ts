import type { LiveRtpParameters, TransportPurpose } from '@drape/contract';
import type { Device, types } from 'mediasoup-client';
import type { SignallingClient } from '../signalling/client.ts';
import type { PurposedTransport } from './purposed.ts';

/** What a producer must carry in its `appData`: the epoch that it is for. */
export interface EpochData extends types.AppData {
  readonly epoch: number;
}

/**
 * Asks the server for a transport and makes the browser's half. Rejects with SignallingError.
 * The caller closes it.
 */
export async function openTransport<P extends TransportPurpose>(
  signalling: SignallingClient,
  device: Device,
  purpose: P,
): Promise<PurposedTransport<P>> {
  const options = await signalling.request('transport:create', { purpose });
  const transport =
    purpose === 'watch' ? device.createRecvTransport(options) : device.createSendTransport(options);
  const transportId = transport.id;

  transport.on('connect', ({ dtlsParameters }, done, fail) => {
    signalling
      .request('transport:connect', {
        transportId,
        dtlsParameters: dtlsParameters,
      })
      .then(done, fail);
  });
  transport.on('produce', ({ kind, rtpParameters, appData }, done, fail) => {
    // The contract bounds what mediasoup-client's types leave open, and the server parses it.
    const parameters = rtpParameters as LiveRtpParameters;
    const made =
      purpose === 'publish-sound'
        ? signalling.request('sound:start', {
            transportId,
            rtpParameters: parameters,
            everybodyAgreed: true,
          })
        : signalling.request('publish:produce', {
            epoch: (appData as EpochData).epoch,
            transportId,
            kind,
            rtpParameters: parameters,
          });
    made.then(({ producerId }) => {
      done({ id: producerId });
    }, fail);
  });
  return transport as PurposedTransport<P>;
}
