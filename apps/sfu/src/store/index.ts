export { openFileStore } from './file-store.ts';
export type { State, StoredGrant, StoredInvite, StoredRoom } from './state.ts';
export { StoreError, type Store, type StoreErrorReason } from './store.ts';
