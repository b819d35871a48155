import { devices } from './devices.ts';
import { SourceError, sourceOf, sourceReason, type LocalSource } from './source.ts';

/** Lines of the picture that is asked for; the camera gives what it has that is nearest. */
export type PictureHeight = 720 | 1080;

export interface Camera {
  readonly deviceId: string;
  /** Empty until the person has allowed a camera once. */
  readonly label: string;
}

/** Cameras and capture cards. Empty where the browser tells none. */
export async function listCameras(): Promise<Camera[]> {
  const all = await devices().enumerateDevices();
  return all
    .filter(({ kind, deviceId }) => kind === 'videoinput' && deviceId !== '')
    .map(({ deviceId, label }) => ({ deviceId, label }));
}

/** Calls back whenever a camera is plugged in or out. Returns what ends it. */
export function onCamerasChanged(listener: () => void): () => void {
  const found = navigator.mediaDevices as MediaDevices | undefined;
  found?.addEventListener('devicechange', listener);
  return () => found?.removeEventListener('devicechange', listener);
}

/** Never asks for sound. Throws SourceError. */
export async function openCamera(
  deviceId: string | undefined,
  height: PictureHeight,
): Promise<LocalSource> {
  const video: MediaTrackConstraints = {
    width: { ideal: (height * 16) / 9 },
    height: { ideal: height },
    frameRate: { ideal: 30 },
    ...(deviceId === undefined ? {} : { deviceId: { exact: deviceId } }),
  };
  try {
    return sourceOf('camera', await devices().getUserMedia({ video, audio: false }));
  } catch (error) {
    if (error instanceof SourceError) throw error;
    throw new SourceError(sourceReason('camera', (error as Error).name), error);
  }
}

/** A screen or a window, as the person chooses. Throws SourceError. */
export async function openScreen(): Promise<LocalSource> {
  const media = devices();
  if (!('getDisplayMedia' in media)) throw new SourceError('unsupported');
  try {
    const video: MediaTrackConstraints = { frameRate: { ideal: 30, max: 30 } };
    return sourceOf('screen', await media.getDisplayMedia({ video, audio: false }));
  } catch (error) {
    throw new SourceError(sourceReason('screen', (error as Error).name), error);
  }
}
