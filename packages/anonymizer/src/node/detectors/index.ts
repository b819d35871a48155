export { openDetectors } from './open-detectors.ts';
export { DETECTOR_IDS, type DetectorId } from './detector-ids.ts';
