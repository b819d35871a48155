import { EdgeError } from '../api.ts';
import { assetIndexSchema, type AssetIndex, type PinnedFile } from './index-schema.ts';

/** Fetches and parses `index.json` below `assetsUrl`. @throws EdgeError `assets` */
export async function loadIndex(assetsUrl: string): Promise<AssetIndex> {
  const bytes = await fetchBytes(new URL('index.json', assetsUrl), 'no-cache');
  try {
    return assetIndexSchema.parse(JSON.parse(new TextDecoder().decode(bytes)));
  } catch (cause) {
    throw new EdgeError('assets', 'index.json is not what this version needs; run the set-up', {
      cause,
    });
  }
}

/** Fetches a file and checks its bytes. @throws EdgeError `assets` where they are others */
export async function loadPinned(
  assetsUrl: string,
  pinned: PinnedFile,
): Promise<Uint8Array<ArrayBuffer>> {
  const bytes = await fetchBytes(new URL(pinned.file, assetsUrl), 'default');
  if ((await sha256Of(bytes)) === pinned.sha256) return bytes;
  // A cache may have kept the file of an earlier version.
  const anew = await fetchBytes(new URL(pinned.file, assetsUrl), 'reload');
  if ((await sha256Of(anew)) === pinned.sha256) return anew;
  throw new EdgeError('assets', `${pinned.file} does not have the pinned sha256`);
}

async function fetchBytes(url: URL, cache: RequestCache): Promise<Uint8Array<ArrayBuffer>> {
  try {
    const response = await fetch(url, { cache, credentials: 'same-origin' });
    if (!response.ok) throw new Error(`HTTP ${response.status}`);
    return new Uint8Array(await response.arrayBuffer());
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new EdgeError('assets', `${url.pathname} could not be had: ${why}`, { cause });
  }
}

async function sha256Of(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
