export { AnonymizerLink, type OutputDescription } from './anonymizer-link.ts';
export { Attestation, type ExpectedStatement, type ModelPolicy } from './attestation.ts';
export type { TransportDescription } from './client-transport.ts';
export { type EngineOptions, type EngineStats, MediaEngine } from './engine.ts';
export { type Endpoint, PlainFlow, type RtpDescription } from './plain-flow.ts';
export {
  AnonymizedProducer,
  attest,
  ConsentedSound,
  PendingProducer,
  RawProducer,
} from './producers.ts';
export {
  EdgeTransport,
  type ProduceOptions,
  RawTransport,
  SoundTransport,
} from './publish-transport.ts';
export { RoomMedia } from './room-media.ts';
export { Viewing, WatchTransport } from './watch-transport.ts';
