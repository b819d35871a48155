import type { EdgeFailing } from '../api.ts';

/** A camera that is muted for longer than this is away: some mute for a moment while they switch. */
const MUTED_MS = 2000;

/** Tells when the source is gone. Gives a function that stops watching. */
export function watchSource(
  source: MediaStreamTrack,
  report: (reason: EdgeFailing, detail: string) => void,
): () => void {
  const abort = new AbortController();
  const { signal } = abort;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const onMute = (): void => {
    timer ??= setTimeout(() => {
      report('track-muted', 'the camera gives no pictures');
    }, MUTED_MS);
  };
  const onUnmute = (): void => {
    clearTimeout(timer);
    timer = undefined;
  };
  source.addEventListener(
    'ended',
    () => {
      report('track-ended', 'the camera was unplugged or its permission withdrawn');
    },
    { signal },
  );
  source.addEventListener('mute', onMute, { signal });
  source.addEventListener('unmute', onUnmute, { signal });
  if (source.muted) onMute();
  return () => {
    abort.abort();
    onUnmute();
  };
}
