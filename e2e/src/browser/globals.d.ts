// What Chromium has and TypeScript's DOM does not list (yet).

interface MediaStreamTrackProcessorInit {
  readonly track: MediaStreamTrack;
  readonly maxBufferSize?: number;
}

declare class MediaStreamTrackProcessor {
  constructor(init: MediaStreamTrackProcessorInit);
  readonly readable: ReadableStream<VideoFrame>;
}

interface FileSystemSyncAccessHandle {
  write(buffer: AllowSharedBufferSource, options?: { at?: number }): number;
  flush(): void;
  close(): void;
}

interface FileSystemFileHandle {
  createSyncAccessHandle(): Promise<FileSystemSyncAccessHandle>;
}

/** Set by Playwright in pages that the probe opened. */
declare function drapeProbe(batch: unknown): Promise<void>;
