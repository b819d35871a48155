export { liveProfile } from './live-profile.ts';
export { LiveAnonymizer } from './live-anonymizer.ts';
export type { LiveAnonymizerOptions } from './live-anonymizer.ts';
export { LiveDecoder } from './live-decoder.ts';
export type { CodedUnit, LiveCodec } from './live-decoder.ts';
export { LiveEncoder } from './live-encoder.ts';
export type { EncodedPicture } from './live-encoder.ts';
export { LiveError } from './live-error.ts';
export type { LiveErrorReason } from './live-error.ts';
