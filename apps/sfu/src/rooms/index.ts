export type {
  AnonymizerEvents,
  AnonymizerRequest,
  OpenAnonymizer,
  OpenScan,
  RoomAnonymizer,
  RoomScan,
  ScanEvents,
  ScanHit,
} from './ports.ts';
export { DEFAULT_TIMES, type PublicationTimes } from './publication.ts';
export type { Incident, RecordSnapshot } from './room-record.ts';
export type { RoomLimits, RoomOptions } from './room.ts';
export { Rooms, type RoomsOptions, type RoomsStats } from './rooms.ts';
export type { Identity, Outlet, Session } from './session.ts';
