import {
  AVMEDIA_TYPE_ATTACHMENT,
  AVMEDIA_TYPE_AUDIO,
  AVMEDIA_TYPE_SUBTITLE,
  AVMEDIA_TYPE_VIDEO,
  AV_DISPOSITION_ATTACHED_PIC,
  AV_DISPOSITION_DEFAULT,
  AV_DISPOSITION_TIMED_THUMBNAILS,
} from 'node-av/constants';
import type { FormatContext, Stream } from 'node-av/lib';
import type { StreamCounts } from './video-info.ts';

/** Moving pictures; covers and thumbnails are attachments that happen to be coded as video. */
export function isVideo(stream: Stream): boolean {
  return (
    stream.codecpar.codecType === AVMEDIA_TYPE_VIDEO &&
    !stream.hasDisposition(AV_DISPOSITION_ATTACHED_PIC) &&
    !stream.hasDisposition(AV_DISPOSITION_TIMED_THUMBNAILS)
  );
}

/** The video stream that the file marks as default, the largest of several, or undefined. */
export function chooseVideo(context: FormatContext): Stream | undefined {
  const videos = context.streams.filter(isVideo);
  const marked = videos.filter((stream) => stream.hasDisposition(AV_DISPOSITION_DEFAULT));
  const candidates = marked.length > 0 ? marked : videos;
  const area = (stream: Stream): number => stream.codecpar.width * stream.codecpar.height;
  return candidates.reduce<Stream | undefined>(
    (best, stream) => (best && area(best) >= area(stream) ? best : stream),
    undefined,
  );
}

export function countStreams(context: FormatContext): StreamCounts {
  const counts = { video: 0, audio: 0, subtitle: 0, data: 0, attachment: 0 };
  for (const stream of context.streams) counts[kindOf(stream)] += 1;
  return counts;
}

function kindOf(stream: Stream): keyof StreamCounts {
  if (isVideo(stream)) return 'video';
  switch (stream.codecpar.codecType) {
    case AVMEDIA_TYPE_VIDEO:
    case AVMEDIA_TYPE_ATTACHMENT:
      return 'attachment';
    case AVMEDIA_TYPE_AUDIO:
      return 'audio';
    case AVMEDIA_TYPE_SUBTITLE:
      return 'subtitle';
    default:
      return 'data';
  }
}
