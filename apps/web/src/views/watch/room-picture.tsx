'use client';

import { useCallback, useRef } from 'react';
import type { Viewer } from '../../live/watch/viewer.ts';
import { useStore } from '../../ui/use-store.ts';
import { LiveVideo, type FrameFacts } from './live-video.tsx';

interface Props {
  readonly viewer: Viewer;
  readonly label: string;
  readonly testId: string;
  readonly fill?: boolean;
  /** A frame of the picture that is seen. */
  readonly onFrame: (facts: FrameFacts | undefined) => void;
}

/**
 * The picture that is seen and, behind it, the next epoch's while it waits for its first frame.
 * Keyed by consumer, so that an element keeps its stream when it comes to the front.
 */
export function RoomPicture({ viewer, label, testId, fill, onFrame }: Props) {
  const pictures = useStore(viewer.pictures);
  const swapped = useRef<string>(undefined);
  const shownId = pictures?.shown?.consumerId;
  const onAnyFrame = useCallback(
    (consumerId: string, facts: FrameFacts | undefined) => {
      if (consumerId !== shownId && swapped.current !== consumerId) {
        swapped.current = consumerId;
        viewer.frameShown(consumerId);
      }
      onFrame(facts);
    },
    [viewer, shownId, onFrame],
  );
  const both = [pictures?.shown, pictures?.incoming].filter((picture) => picture !== undefined);
  return both.map(({ consumerId, stream }) => {
    const behind = shownId !== undefined && consumerId !== shownId;
    return (
      <LiveVideo
        key={consumerId}
        stream={stream}
        label={label}
        testId={behind ? undefined : testId}
        fill={fill === true}
        behind={behind}
        onFrame={(facts) => {
          onAnyFrame(consumerId, facts);
        }}
      />
    );
  });
}
