import { SourceError, sourceOf, type LocalSource } from './source.ts';

type Capturing = HTMLVideoElement & {
  readonly captureStream?: () => MediaStream;
  readonly mozCaptureStream?: () => MediaStream;
};

/** Plays a file of this computer in a loop, without its sound. Throws SourceError. */
export async function openFile(file: File): Promise<LocalSource> {
  const video: Capturing = document.createElement('video');
  const url = URL.createObjectURL(file);
  const release = () => {
    video.pause();
    video.removeAttribute('src');
    video.load();
    URL.revokeObjectURL(url);
  };
  Object.assign(video, { src: url, muted: true, loop: true, playsInline: true });
  try {
    await video.play();
  } catch (error) {
    release();
    throw new SourceError('unreadable-file', error);
  }
  const stream = video.captureStream?.() ?? video.mozCaptureStream?.();
  if (!stream) {
    release();
    throw new SourceError('unsupported');
  }
  for (const sound of stream.getAudioTracks()) {
    sound.stop();
    stream.removeTrack(sound);
  }
  if (stream.getVideoTracks().length === 0) {
    release();
    throw new SourceError('unreadable-file');
  }
  return sourceOf('file', stream, release);
}
