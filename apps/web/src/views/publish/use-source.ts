'use client';

import { useCallback, useEffect, useRef, useState } from 'react';
import { openCamera, openScreen } from '../../live/sources/camera.ts';
import { openFile } from '../../live/sources/file.ts';
import { openSample } from '../../live/sources/sample.ts';
import {
  SourceError,
  type LocalSource,
  type SourceErrorReason,
} from '../../live/sources/source.ts';
import type { Settings } from './start-options.ts';

export interface SourceHandle {
  readonly source: LocalSource | undefined;
  readonly error: SourceErrorReason | undefined;
  readonly opening: boolean;
  /** The camera is there, but gives no picture. */
  readonly muted: boolean;
  /** The open source, or a newly opened one; undefined where that failed (`error` says why). */
  readonly open: () => Promise<LocalSource | undefined>;
  readonly close: () => void;
}

/** The one raw track of the page: kept until it is closed, ends by itself, or the page goes. */
export function useSource(settings: Settings, file: File | undefined): SourceHandle {
  const [source, setSource] = useState<LocalSource>();
  const [error, setError] = useState<SourceErrorReason>();
  const [opening, setOpening] = useState(false);
  const held = useRef<LocalSource>(undefined);

  const close = useCallback(() => {
    held.current?.stop();
    held.current = undefined;
    setSource(undefined);
    setError(undefined);
  }, []);
  useEffect(() => close, [close]);

  const open = async () => {
    if (held.current) return held.current;
    setOpening(true);
    setError(undefined);
    try {
      const opened = await openSource(settings, file);
      held.current = opened;
      opened.onEnded(() => {
        if (held.current === opened) close();
      });
      setSource(opened);
      return opened;
    } catch (cause) {
      setError(cause instanceof SourceError ? cause.reason : 'unknown');
      return undefined;
    } finally {
      setOpening(false);
    }
  };
  return { source, error, opening, muted: useMuted(source), open, close };
}

function openSource(settings: Settings, file: File | undefined): Promise<LocalSource> {
  switch (settings.source) {
    case 'camera':
      return openCamera(settings.deviceId, settings.height);
    case 'screen':
      return openScreen();
    case 'file':
      return file ? openFile(file) : Promise.reject(new SourceError('unreadable-file'));
    case 'sample':
      return openSample();
  }
}

function useMuted(source: LocalSource | undefined): boolean {
  const [muted, setMuted] = useState(false);
  useEffect(() => {
    if (!source) return undefined;
    const { track } = source;
    const look = () => {
      setMuted(track.muted);
    };
    track.addEventListener('mute', look);
    track.addEventListener('unmute', look);
    return () => {
      track.removeEventListener('mute', look);
      track.removeEventListener('unmute', look);
      setMuted(false);
    };
  }, [source]);
  return muted;
}
