import { DetectorError, SupervisedDetector, weightsOf } from '../../core/index.ts';
import { EdgeError } from '../api.ts';
import { loadIndex } from '../assets/load.ts';
import { threadsFor } from '../detectors/threads.ts';
import { EDGE_DETECTOR_IDS, type EdgeDetectorId } from '../detectors/start.ts';
import { workerScope as scope, type FromFrames, type ToFrames } from '../messages.ts';
import { MANY_CORES } from '../cores.ts';
import { edgeProfile } from '../profile.ts';
import { FramesSession, type FramesSessionOptions } from './frames-session.ts';
import { CanvasSink, TrackSink, type FrameSink } from './sinks.ts';
import { systemClock } from './clock.ts';
import { openAll } from './open-all.ts';
import { openWorkerDetector } from './worker-detector.ts';

// All raw pixels of the edge live in this worker and in those of its detectors. The page has
// nothing but the track that comes out.

/**
 * WebAssembly starts in code that is quick to make, and is compiled again while it runs: until
 * then a look takes several times as long.
 */
const SUPERVISION = { clock: systemClock, warmUps: 6, warmLimitMs: 3000, hangsMs: 8000 };

type Ready = Omit<FramesSessionOptions, 'sink'>;

let ready: Ready | undefined;
let session: FramesSession | undefined;
let stopReading: (() => Promise<void>) | undefined;
let isClosing = false;

function send(message: FromFrames): void {
  scope.postMessage(message);
}

async function open(message: Extract<ToFrames, { kind: 'open' }>): Promise<void> {
  const { assetsUrl, style, holdMs, always, cores } = message;
  const profile = edgeProfile(message.profile, { always, cores });
  const index = await loadIndex(assetsUrl);
  const ids = EDGE_DETECTOR_IDS.filter((id) => profile.detectors.some((one) => one.id === id));
  const openOne = (id: EdgeDetectorId): Promise<SupervisedDetector> =>
    SupervisedDetector.open({
      ...SUPERVISION,
      open: () => openWorkerDetector({ id, assetsUrl, index, threads: threadsFor(id) }),
    });
  // Each is compiled and warmed up on a core of its own: with few of them the picture that the
  // server sends meanwhile would stand still.
  const detectors = await openAll(ids, openOne, cores >= MANY_CORES ? ids.length : 1);
  ready = { profile, style, holdMs, detectors, send };
  send({ kind: 'warm', models: weightsOf(detectors) });
}

function start(sink: FrameSink): FramesSession {
  if (!ready) throw new Error('started before the detectors were warm');
  session = new FramesSession({ ...ready, sink });
  return session;
}

async function readTrack(message: Extract<ToFrames, { kind: 'start-track' }>): Promise<void> {
  const sink = new TrackSink(message.writable, (cause) => {
    fail(cause);
  });
  const running = start(sink);
  const reader = message.readable.getReader();
  stopReading = () => reader.cancel();
  for (;;) {
    const { done, value: frame } = await reader.read();
    if (done) break;
    try {
      await running.take(frame);
    } finally {
      // At once: a camera has two or three of these, and stalls while they are kept.
      frame.close();
    }
  }
  if (isClosing) return;
  send({ kind: 'failing', reason: 'track-ended', detail: 'the camera gives no frames any more' });
}

async function takePicture(message: Extract<ToFrames, { kind: 'picture' }>): Promise<void> {
  const { bitmap, timestampUs } = message;
  const frame = new VideoFrame(bitmap, { timestamp: timestampUs, alpha: 'discard' });
  bitmap.close();
  try {
    await session?.take(frame);
  } finally {
    frame.close();
    send({ kind: 'taken' });
  }
}

async function close(): Promise<void> {
  isClosing = true;
  await stopReading?.();
  await session?.close();
  await Promise.all((ready?.detectors ?? []).map((detector) => detector.close()));
  send({ kind: 'closed' });
  scope.close();
}

/** Nothing leaves any more: whoever waits for frames gets none, and the page hears why. */
function fail(cause: unknown): void {
  const detail = cause instanceof Error ? cause.message : String(cause);
  send({ kind: 'failing', reason: 'worker-crashed', detail });
  void session?.close();
}

async function answer(message: ToFrames): Promise<void> {
  switch (message.kind) {
    case 'open':
      return open(message);
    case 'start-track':
      return readTrack(message);
    case 'start-canvas':
      start(new CanvasSink());
      return;
    case 'picture':
      return takePicture(message);
    case 'close':
      return close();
  }
}

function refuse(error: unknown): void {
  const detail = error instanceof Error ? error.message : String(error);
  const reason =
    error instanceof EdgeError
      ? error.reason
      : error instanceof DetectorError
        ? 'detector-failed'
        : 'worker-failed';
  send({ kind: 'failed', reason, detail });
}

scope.addEventListener('message', ({ data }) => {
  const message = data as ToFrames;
  answer(message).catch(message.kind === 'open' ? refuse : fail);
});
scope.addEventListener('unhandledrejection', (event) => {
  fail(event.reason);
});
send({ kind: 'alive' });
