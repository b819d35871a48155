export type { Admission, Gate } from './handshake.ts';
export { DEFAULT_INBOX, type InboxLimits } from './inbox.ts';
export { Signalling, type SignallingOptions, type SignallingStats } from './signalling.ts';
