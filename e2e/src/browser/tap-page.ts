import type { TapPlan } from './tap-worker.ts';

export interface PageTap {
  /** `publisher`: frames of the camera, before anything else sees them. `viewer`: what is shown. */
  readonly role: 'publisher' | 'viewer';
  readonly plan: TapPlan;
  /** The text of the worker. */
  readonly worker: string;
}

/**
 * Runs in a page before its own scripts; it is sent there as text, so it uses nothing from outside
 * of itself. It tells the probe (`drapeProbe`) what frames were seen and which state the page says.
 */
export function tapPage({ role, plan, worker: workerSource }: PageTap): void {
  const now = (): number => performance.timeOrigin + performance.now();
  const tell = (batch: unknown): void => {
    void drapeProbe(batch);
  };
  let worker: Worker | undefined;
  const theWorker = (): Worker => {
    if (worker) return worker;
    const url = URL.createObjectURL(new Blob([workerSource], { type: 'text/javascript' }));
    worker = new Worker(url);
    worker.onmessage = ({ data }) => {
      tell(data);
    };
    worker.onerror = (event) => {
      tell({ failure: `the tap's worker: ${event.message}` });
    };
    worker.postMessage({ plan });
    return worker;
  };

  let said = '';
  const tellState = (): void => {
    const main = document.querySelector<HTMLElement>('[data-drape-page]');
    const { drapePage: page, drapeState: state, drapeEpoch: epoch } = main?.dataset ?? {};
    const text = JSON.stringify({ page, state, epoch });
    if (text === said) return;
    said = text;
    tell({ state: { atMs: now(), page, state, epoch } });
  };
  new MutationObserver(tellState).observe(document, {
    subtree: true,
    childList: true,
    attributeFilter: ['data-drape-page', 'data-drape-state', 'data-drape-epoch'],
  });

  if (role === 'publisher') tapCamera();
  else tapVideos();
  addEventListener('drape-probe-end', () => {
    theWorker().postMessage({ end: true });
  });
  addEventListener('drape-probe-deliver', (event) => {
    theWorker().postMessage({ deliver: (event as CustomEvent<string>).detail });
  });

  /** A camera that is asked for another size is cropped by Chromium: the strip would be lost. */
  function withoutSizes(constraints: MediaTrackConstraints): MediaTrackConstraints {
    const dropped = ['width', 'height', 'aspectRatio', 'frameRate', 'advanced'];
    const kept = Object.entries(constraints).filter(([name]) => !dropped.includes(name));
    return Object.fromEntries([...kept, ['resizeMode', 'none']]);
  }

  function tapCamera(): void {
    // Not there on an insecure page: what the product says then is its own.
    const devices = navigator.mediaDevices as MediaDevices | undefined;
    if (!devices) return;
    const ask = devices.getUserMedia.bind(devices);
    devices.getUserMedia = async (constraints) => {
      const { video } = constraints ?? {};
      const stream = await ask(
        typeof video === 'object' ? { ...constraints, video: withoutSizes(video) } : constraints,
      );
      for (const track of stream.getVideoTracks()) follow(track);
      return stream;
    };
    // eslint-disable-next-line @typescript-eslint/unbound-method -- it is called on the same track
    const { applyConstraints } = MediaStreamTrack.prototype;
    MediaStreamTrack.prototype.applyConstraints = function (constraints) {
      return applyConstraints.call(this, constraints && withoutSizes(constraints));
    };
  }

  function follow(track: MediaStreamTrack): void {
    const twin = track.clone();
    const stop = track.stop.bind(track);
    // The camera goes off when all of its tracks are stopped.
    track.stop = () => {
      twin.stop();
      stop();
    };
    track.addEventListener('ended', () => {
      twin.stop();
    });
    const { readable } = new MediaStreamTrackProcessor({ track: twin, maxBufferSize: 2 });
    theWorker().postMessage({ camera: readable }, [readable]);
  }

  function tapVideos(): void {
    const tapped = new WeakSet<HTMLVideoElement>();
    const find = (): void => {
      for (const video of document.querySelectorAll('video')) {
        if (tapped.has(video)) continue;
        tapped.add(video);
        tapVideo(video);
      }
    };
    new MutationObserver(find).observe(document, { subtree: true, childList: true });
    addEventListener('DOMContentLoaded', find);
  }

  function tapVideo(video: HTMLVideoElement): void {
    const onFrame = (calledAtMs: number, seen: VideoFrameCallbackMetadata): void => {
      video.requestVideoFrameCallback(onFrame);
      // Only one of the page's videos is the picture that people see.
      if (video.dataset['testid'] !== 'picture') return;
      const frame = new VideoFrame(video, { timestamp: Math.round(seen.mediaTime * 1e6) });
      const facts = {
        shownAtMs: performance.timeOrigin + (seen.expectedDisplayTime || calledAtMs),
        calledAtMs: performance.timeOrigin + calledAtMs,
        mediaTimeS: seen.mediaTime,
        presentedFrames: seen.presentedFrames,
        rtpTimestamp: seen.rtpTimestamp ?? -1,
        receivedAtMs:
          seen.receiveTime === undefined ? -1 : performance.timeOrigin + seen.receiveTime,
        processingS: seen.processingDuration ?? -1,
      };
      theWorker().postMessage({ frame, facts }, [frame]);
    };
    video.requestVideoFrameCallback(onFrame);
  }
}
