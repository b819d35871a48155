import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { hasPython, pythonPath } from '../worker/python.ts';
import { PYTHON_DETECTORS, type PythonDetectorEntry } from './catalogue.ts';
import { languageData } from './language-data.ts';

export interface MissingDetector {
  readonly id: string;
  readonly why: string;
  readonly remedy: string;
}

export interface PythonDetectorsAvailable {
  readonly available: readonly string[];
  readonly missing: readonly MissingDetector[];
}

const SETUP = 'run `npm run setup` with Python 3.10 or newer on PATH';

/** Which detectors can run here, and what brings the others. For `drape doctor`; takes 0.1 s. */
export async function pythonDetectorsAvailable(): Promise<PythonDetectorsAvailable> {
  const absent = await absentPackages();
  const missing = PYTHON_DETECTORS.flatMap((entry) => {
    const why = whyMissing(entry, absent);
    return why === undefined ? [] : [{ id: entry.id, why, remedy: SETUP }];
  });
  const gone = new Set(missing.map(({ id }) => id));
  const available = PYTHON_DETECTORS.map(({ id }) => id).filter((id) => !gone.has(id));
  return { available, missing };
}

function whyMissing(
  entry: PythonDetectorEntry,
  absent: ReadonlySet<string> | string,
): string | undefined {
  if (typeof absent === 'string') return absent;
  const packages = entry.packages.filter((name) => absent.has(name));
  if (packages.length > 0) return `Python lacks ${packages.join(', ')}`;
  if (!entry.needsLanguageData) return undefined;
  try {
    languageData();
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : 'its language data are missing';
  }
}

/** The packages that can't be found, or why Python can't be asked. */
async function absentPackages(): Promise<ReadonlySet<string> | string> {
  if (!hasPython()) return 'the project has no Python environment (.cache/venv)';
  const names = [...new Set(PYTHON_DETECTORS.flatMap(({ packages }) => packages))];
  const script =
    'import importlib.util, json, sys;' +
    'print(json.dumps([n for n in sys.argv[1:] if importlib.util.find_spec(n) is None]))';
  try {
    const options = { timeout: 20_000 };
    const { stdout } = await promisify(execFile)(
      pythonPath(),
      ['-s', '-c', script, ...names],
      options,
    );
    return new Set(JSON.parse(stdout) as string[]);
  } catch {
    return 'the Python of .cache/venv does not run';
  }
}
