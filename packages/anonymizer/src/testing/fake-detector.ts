import {
  DetectorError,
  type AbortSignalLike,
  type Detection,
  type DetectionClass,
  type Detector,
  type DetectorErrorReason,
  type DetectorInfo,
  type FrameInfo,
  type Look,
  type RawFrame,
  type ScoreSteps,
} from '../core/index.ts';

export interface FakeScript {
  readonly id?: string;
  readonly classes?: readonly DetectionClass[];
  readonly steps?: ScoreSteps;
  /** What there is to see at a frame's time: detections, a whole look, or the failure's reason. */
  readonly see?: (frame: FrameInfo) => readonly Detection[] | Look | DetectorErrorReason;
  /**
   * `at-once` (default): a look is answered as soon as promises run. `by-hand`: it stays in
   * `pending` until the test resolves, fails or forgets it.
   */
  readonly answers?: 'at-once' | 'by-hand';
}

/** A look that the test decides on. What is done to it a second time does nothing. */
export interface PendingLook {
  readonly frame: FrameInfo;
  /** Answers with what the script sees at this frame, or with this look instead. */
  resolve(look?: Look): void;
  fail(reason: DetectorErrorReason): void;
}

export interface FakeDetector extends Detector {
  /** Looks that wait for the test, in the order in which they were asked for. */
  readonly pending: readonly PendingLook[];
  /** Every frame that was looked at, answered or not, in order. */
  readonly looked: readonly FrameInfo[];
  readonly closed: boolean;
}

/**
 * A detector that sees what its script says, when the test says. It keeps the contract: it
 * reads the frame's pixels before `look()` returns, and `close()` rejects what is pending.
 */
export function fakeDetector(script: FakeScript = {}): FakeDetector {
  const { id = 'fake', classes = ['face'], steps = { low: 0.2, high: 0.5 } } = script;
  const info: DetectorInfo = { id, classes, steps, models: [{ id, sha256: '0'.repeat(64) }] };
  const pending: PendingLook[] = [];
  const looked: FrameInfo[] = [];
  let closed = false;
  const close = (): Promise<void> => {
    closed = true;
    for (const look of [...pending]) look.fail('closed');
    return Promise.resolve();
  };

  const look = (frame: RawFrame, options: { signal?: AbortSignalLike } = {}): Promise<Look> =>
    new Promise((resolve, reject) => {
      const fail = (reason: DetectorErrorReason): void => {
        settle();
        reject(new DetectorError(id, reason));
      };
      const abort = (): void => {
        fail('aborted');
      };
      const settle = (): void => {
        options.signal?.removeEventListener('abort', abort);
        const at = pending.indexOf(entry);
        if (at !== -1) pending.splice(at, 1);
      };
      const entry: PendingLook = {
        frame: frame.info,
        fail,
        resolve: (given) => {
          const seen = given ?? script.see?.(frame.info) ?? [];
          if (typeof seen === 'string') {
            fail(seen);
            return;
          }
          settle();
          resolve('detections' in seen ? seen : { detections: seen, saturated: [] });
        },
      };
      if (closed) fail('closed');
      else if (options.signal?.aborted) fail('aborted');
      else {
        frame.read();
        looked.push(frame.info);
        pending.push(entry);
        options.signal?.addEventListener('abort', abort, { once: true });
        if (script.answers !== 'by-hand') entry.resolve();
      }
    });

  return {
    info,
    pending,
    looked,
    get closed() {
      return closed;
    },
    warmUp: () => (closed ? Promise.reject(new DetectorError(id, 'closed')) : Promise.resolve()),
    look,
    close,
  };
}
