import { DetectorError, ProfileError } from '@drape/anonymizer/core';
import type { LiveCodec } from '@drape/anonymizer/node';

const MAX_DETAIL = 500;

/** What the server asked for can't be done by anyone. */
export class BadOptions extends Error {
  override readonly name = 'BadOptions';
}

/** Why a process gives up, for the server. */
export function failureOf(error: unknown): {
  readonly reason: 'bad-options' | 'missing-detector' | 'failed';
  readonly message: string;
} {
  const said = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  const message = said.slice(0, MAX_DETAIL);
  if (error instanceof DetectorError) return { reason: 'missing-detector', message };
  const isOptions = error instanceof ProfileError || error instanceof BadOptions;
  return { reason: isOptions ? 'bad-options' : 'failed', message };
}

/** @throws BadOptions for what is not decoded here */
export function codecOf(mimeType: string): LiveCodec {
  const name = mimeType.toLowerCase();
  if (name === 'video/h264') return 'h264';
  if (name === 'video/vp8') return 'vp8';
  throw new BadOptions(`input.mimeType "${mimeType}" is not read; publish H.264 or VP8`);
}
