'use client';

import clsx from 'clsx';
import { useEffect, useRef } from 'react';

/** What a browser tells of a frame that it shows; `receiveTime` only of remote streams. */
export type FrameFacts = VideoFrameCallbackMetadata;

interface Props {
  readonly stream: MediaStream;
  readonly label: string;
  readonly testId: string | undefined;
  readonly fill?: boolean;
  /** Decodes behind the picture that is seen, until it takes its place. */
  readonly behind?: boolean;
  readonly onFrame: (facts: FrameFacts | undefined) => void;
}

/** A video element that reports each frame it shows. Always silent: there is no sound. */
export function LiveVideo({ stream, label, testId, fill, behind, onFrame }: Props) {
  const ref = useRef<HTMLVideoElement>(null);
  const told = useRef(onFrame);
  useEffect(() => {
    told.current = onFrame;
  }, [onFrame]);
  useEffect(() => {
    const video = ref.current;
    if (!video) return undefined;
    video.srcObject = stream;
    // Rejected when the element goes before it plays; the next one starts by itself.
    video.play().catch(() => undefined);
    return followFrames(video, (facts) => {
      told.current(facts);
    });
  }, [stream]);
  return (
    <video
      ref={ref}
      muted
      playsInline
      autoPlay
      disablePictureInPicture
      aria-label={label}
      aria-hidden={behind === true}
      data-testid={testId}
      className={clsx(
        'absolute inset-0 size-full bg-night',
        fill === true ? 'object-cover' : 'object-contain',
        // Not hidden: a video that is not composited presents no frames.
        behind === true && '-z-10',
      )}
    />
  );
}

/** Calls back per presented frame; where the browser cannot (old Firefox), per step of its clock. */
function followFrames(video: HTMLVideoElement, tell: Props['onFrame']): () => void {
  if (!('requestVideoFrameCallback' in video)) {
    const element = video as HTMLVideoElement;
    const step = () => {
      tell(undefined);
    };
    element.addEventListener('timeupdate', step);
    return () => {
      element.removeEventListener('timeupdate', step);
    };
  }
  let handle = 0;
  const next = (_nowMs: number, facts: FrameFacts) => {
    tell(facts);
    handle = video.requestVideoFrameCallback(next);
  };
  handle = video.requestVideoFrameCallback(next);
  return () => {
    video.cancelVideoFrameCallback(handle);
  };
}
