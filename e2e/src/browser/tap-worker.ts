import type { CellRow } from '../barcode/row.ts';

/** What a tap reads of every frame, in pixels of a picture of this size. */
export interface TapPlan {
  readonly widthPx: number;
  readonly heightPx: number;
  /** Rows of cells whose lumas are wanted. */
  readonly rows: readonly CellRow[];
  /** Keeps whole pictures in a file of the page's origin. */
  readonly keepPictures: boolean;
}

/** One frame as the worker saw it. */
export interface TapRecord {
  /** What the page knew of it; of a camera's frame, its timestamp and when it came. */
  readonly facts: Readonly<Record<string, number>>;
  readonly widthPx: number;
  readonly heightPx: number;
  readonly format: string;
  /** Of each row of the plan, the mean luma of each cell. */
  readonly lumas: readonly (readonly number[])[];
  /** Where its picture begins in the file; absent where pictures are not kept. */
  readonly at?: number;
  /** The worker was behind: the frame was not looked at. */
  readonly skipped?: true;
}

export type TapOrder =
  | { readonly plan: TapPlan }
  | { readonly frame: VideoFrame; readonly facts: Readonly<Record<string, number>> }
  | { readonly camera: ReadableStream<VideoFrame> }
  | { readonly end: true }
  | { readonly deliver: string };

/**
 * Runs in a worker of the tapped page; it is sent there as text, so it uses nothing from outside
 * of itself. Reading frames here keeps the page's own thread free.
 */
export function tapWorker(): void {
  const CELLS = 34;
  const MOST_WAITING = 12;
  const BATCH_MS = 500;
  const FILE = 'drape-probe-pictures';
  let plan: TapPlan | undefined;
  let records: TapRecord[] = [];
  let waiting = 0;
  let queue: Promise<void> = Promise.resolve();
  let file: Promise<FileSystemSyncAccessHandle> | undefined;
  let fileBytes = 0;
  let ended = false;
  let pixels = new Uint8Array(0);

  const post = (message: unknown): void => {
    (globalThis as unknown as { postMessage(message: unknown): void }).postMessage(message);
  };
  const openFile = async (): Promise<FileSystemSyncAccessHandle> => {
    const root = await navigator.storage.getDirectory();
    const handle = await root.getFileHandle(FILE, { create: true });
    return handle.createSyncAccessHandle();
  };

  /** Means over the inner half of each cell: borders are blurred by codecs. */
  const readRow = async (frame: VideoFrame, row: CellRow, of: TapPlan): Promise<number[]> => {
    const visible = frame.visibleRect ?? { x: 0, y: 0, width: 0, height: 0 };
    const scaleX = visible.width / of.widthPx;
    const scaleY = visible.height / of.heightPx;
    const y0 = Math.floor(((row.y + row.heightPx / 4) * scaleY) / 2) * 2;
    const y1 = Math.max(y0 + 2, Math.floor(((row.y + (row.heightPx * 3) / 4) * scaleY) / 2) * 2);
    const rect = { x: visible.x, y: visible.y + y0, width: visible.width, height: y1 - y0 };
    const size = frame.allocationSize({ rect });
    const strip = new Uint8Array(size);
    const [luma] = await frame.copyTo(strip, { rect });
    const offset = luma?.offset ?? 0;
    const stride = luma?.stride ?? 0;
    const means: number[] = [];
    for (let cell = 0; cell < CELLS; cell++) {
      const from = Math.round((row.x + (cell + 0.25) * row.cellWidthPx) * scaleX);
      const to = Math.max(from + 1, Math.round((row.x + (cell + 0.75) * row.cellWidthPx) * scaleX));
      let sum = 0;
      for (let y = 0; y < rect.height; y++) {
        for (let x = from; x < to; x++) sum += strip[offset + y * stride + x] ?? 0;
      }
      means.push(Math.round((sum / (rect.height * (to - from))) * 10) / 10);
    }
    return means;
  };

  const keep = async (frame: VideoFrame): Promise<number> => {
    file ??= openFile();
    const size = frame.allocationSize();
    if (pixels.length < size) pixels = new Uint8Array(size);
    await frame.copyTo(pixels);
    const at = fileBytes;
    (await file).write(pixels.subarray(0, size), { at });
    fileBytes += size;
    return at;
  };

  const look = async (frame: VideoFrame, facts: TapRecord['facts']): Promise<void> => {
    try {
      if (!plan) return;
      const lumas: number[][] = [];
      for (const row of plan.rows) lumas.push(await readRow(frame, row, plan));
      const at = plan.keepPictures ? await keep(frame) : undefined;
      records.push({
        facts,
        widthPx: frame.visibleRect?.width ?? 0,
        heightPx: frame.visibleRect?.height ?? 0,
        format: frame.format ?? 'opaque',
        lumas,
        ...(at === undefined ? {} : { at }),
      });
    } catch (error) {
      post({ failure: String(error) });
    } finally {
      waiting--;
      frame.close();
    }
  };

  const add = (frame: VideoFrame, facts: TapRecord['facts']): void => {
    if (ended) {
      frame.close();
      return;
    }
    if (waiting >= MOST_WAITING) {
      records.push({ facts, widthPx: 0, heightPx: 0, format: '', lumas: [], skipped: true });
      frame.close();
      return;
    }
    waiting++;
    queue = queue.then(() => look(frame, facts));
  };

  const follow = async (camera: ReadableStream<VideoFrame>): Promise<void> => {
    const reader = camera.getReader();
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      const atMs = performance.timeOrigin + performance.now();
      add(value, { atMs, timestampUs: value.timestamp });
    }
  };

  const flush = (): void => {
    if (records.length > 0) post({ records });
    records = [];
  };
  setInterval(flush, BATCH_MS);

  const deliver = async (url: string): Promise<void> => {
    await queue;
    flush();
    if (file) {
      const handle = await file;
      handle.flush();
      handle.close();
      const root = await navigator.storage.getDirectory();
      const kept = await (await root.getFileHandle(FILE)).getFile();
      await fetch(url, { method: 'POST', mode: 'no-cors', body: kept });
    }
    post({ delivered: fileBytes });
  };

  addEventListener('message', ({ data }: MessageEvent<TapOrder>) => {
    if ('plan' in data) plan = data.plan;
    else if ('frame' in data) add(data.frame, data.facts);
    else if ('end' in data) ended = true;
    else if ('camera' in data) {
      follow(data.camera).catch((error: unknown) => {
        post({ failure: String(error) });
      });
    } else {
      deliver(data.deliver).catch((error: unknown) => {
        post({ failure: String(error) });
      });
    }
  });
}
