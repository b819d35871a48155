export { StreamAnonymizerError } from './errors.ts';
export type { StreamAnonymizerErrorReason } from './errors.ts';
export type { Attestation } from './messages.ts';
export { openStreamAnonymizer } from './open-stream-anonymizer.ts';
export type { StreamAnonymizer, StreamEvents } from './open-stream-anonymizer.ts';
export type { StreamOptions } from './options.ts';
export type { StreamState } from './stream-state.ts';
