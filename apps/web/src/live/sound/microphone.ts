import { devices } from '../sources/devices.ts';
import { SourceError, sourceReason } from '../sources/source.ts';

/** Voices from across a room: the browser's own clean-up stays on. Throws SourceError. */
export async function openMicrophone(): Promise<MediaStreamTrack> {
  try {
    const stream = await devices().getUserMedia({ audio: true, video: false });
    const [track] = stream.getAudioTracks();
    if (!track) throw new SourceError('no-device');
    return track;
  } catch (error) {
    if (error instanceof SourceError) throw error;
    throw new SourceError(sourceReason('camera', (error as Error).name), error);
  }
}
