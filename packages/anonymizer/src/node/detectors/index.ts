export { openDetectors } from './open-detectors.ts';
export { DETECTOR_IDS, type DetectorId } from './thread-protocol.ts';
