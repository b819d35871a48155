import type { LiveMediaKind, LiveRtpParameters } from '@drape/contract';
import { ClientTransport } from './client-transport.ts';
import { withoutCaptureTime } from './codecs.ts';
import { media } from './failures.ts';
import { consented, type ConsentedSound, PendingProducer, RawProducer } from './producers.ts';

export interface ProduceOptions {
  readonly kind: LiveMediaKind;
  readonly rtpParameters: LiveRtpParameters;
}

/** From a publisher who anonymizes in the browser, to the room router. */
export class EdgeTransport extends ClientTransport {
  readonly purpose = 'publish-edge';

  async produce({ kind, rtpParameters }: ProduceOptions): Promise<PendingProducer> {
    const options = { kind, rtpParameters: withoutCaptureTime(rtpParameters) };
    return new PendingProducer(await media('produce', () => this.transport.produce(options)));
  }
}

/** From a publisher who sends raw video, to the ingest router. */
export class RawTransport extends ClientTransport {
  readonly purpose = 'publish-raw';

  async produce({ kind, rtpParameters }: ProduceOptions): Promise<RawProducer> {
    const options = { kind, rtpParameters: withoutCaptureTime(rtpParameters) };
    return new RawProducer(await media('produce', () => this.transport.produce(options)));
  }
}

/** From a publisher whose room agreed to be heard, to the room router. */
export class SoundTransport extends ClientTransport {
  readonly purpose = 'publish-sound';

  /** Throws `unsupported-media` for parameters that are no sound's. */
  async produce(
    rtpParameters: LiveRtpParameters,
    consent: { readonly everybodyAgreed: true },
  ): Promise<ConsentedSound> {
    const options = { kind: 'audio' as const, rtpParameters };
    return consented(await media('produce', () => this.transport.produce(options)), consent);
  }
}
