import { spawn, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** Most of the output of native libraries that is kept, in characters. */
const OUTPUT_TAIL = 2048;
/** JavaScript's own memory; pictures lie outside it. */
const HEAP_MIB = 256;
/**
 * Pictures come and go outside of JavaScript's memory, and count: with V8's usual step of 8 MiB, three of 1080p,
 * it marks the whole heap several times a second (80 times in 20 s, 40 ms each; so 8 times).
 */
const HEAP_GROWING_PERCENT = 500;

export interface StreamProcess {
  readonly child: ChildProcess;
  /** The last that it printed: native libraries say there why they give up. */
  readonly outputTail: () => string;
}

/**
 * Starts a process of this module's kind with a message channel. Its memory holds raw pictures:
 * no core of it is dumped, and it gets no more of the environment than it needs.
 *
 * @param isLive it takes every picture of a stream, and time counts more than memory
 */
export function startProcess(
  program: URL,
  { isLive }: { readonly isLive: boolean },
): StreamProcess {
  const node = [
    `--max-old-space-size=${HEAP_MIB}`,
    ...(isLive ? [`--heap-growing-percent=${HEAP_GROWING_PERCENT}`] : []),
    fileURLToPath(program),
  ];
  const [command, args] =
    process.platform === 'win32'
      ? [process.execPath, node]
      : ['/bin/sh', ['-c', 'ulimit -c 0; exec "$0" "$@"', process.execPath, ...node]];
  const child = spawn(command, args, {
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    env: environment(),
    serialization: 'json',
  });
  let tail = '';
  const keep = (text: Buffer): void => {
    tail = (tail + text.toString()).slice(-OUTPUT_TAIL);
  };
  child.stdout?.on('data', keep);
  child.stderr?.on('data', keep);
  return { child, outputTail: () => tail };
}

function environment(): NodeJS.ProcessEnv {
  const wanted = /^(PATH|HOME|LANG|LC_.*|TMPDIR|TEMP|TMP|SystemRoot)$/;
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => wanted.test(name)));
}
