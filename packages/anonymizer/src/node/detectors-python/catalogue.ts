import type { DetectionClass, ScoreSteps } from '@drape/anonymizer/core';

/** A detector that runs in Python. */
export interface PythonDetectorEntry {
  readonly id: string;
  readonly classes: readonly DetectionClass[];
  readonly steps: ScoreSteps;
  /** The module that registers its methods. */
  readonly module: string;
  /** Python packages without which it can't run. */
  readonly packages: readonly string[];
  readonly needsLanguageData: boolean;
}

export const PYTHON_DETECTORS: readonly PythonDetectorEntry[] = [
  {
    id: 'text-tesseract',
    classes: ['text'],
    // 0.12 is a line of strokes that could not be read, 0.35 a few letters that could.
    steps: { low: 0.1, high: 0.35 },
    module: 'drape_worker.detectors.text',
    packages: ['cv2', 'numpy', 'tesserocr', 'msgpack'],
    needsLanguageData: true,
  },
  {
    id: 'code-zxing-python',
    classes: ['code'],
    steps: { low: 0.3, high: 0.45 },
    module: 'drape_worker.detectors.code',
    packages: ['cv2', 'numpy', 'zxingcpp', 'msgpack'],
    needsLanguageData: false,
  },
  {
    id: 'person-opencv',
    classes: ['person'],
    steps: { low: 0.3, high: 0.4 },
    module: 'drape_worker.detectors.person',
    packages: ['cv2', 'numpy', 'msgpack'],
    needsLanguageData: false,
  },
];

export const PYTHON_DETECTOR_IDS: readonly string[] = PYTHON_DETECTORS.map(({ id }) => id);
