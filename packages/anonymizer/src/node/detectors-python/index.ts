export { openPythonDetectors, type PythonDetectorOptions } from './open-python-detectors.ts';
export {
  pythonDetectorsAvailable,
  type MissingDetector,
  type PythonDetectorsAvailable,
} from './python-detectors-available.ts';
export { PYTHON_DETECTOR_IDS } from './catalogue.ts';
export { openAnyDetectors } from './open-any-detectors.ts';
