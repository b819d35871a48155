import { readFileSync } from 'node:fs';

export interface GoodVector {
  readonly name: string;
  readonly message: Readonly<Record<string, unknown>>;
  readonly payloadHex: string;
  readonly hex: string;
}

export interface BadVector {
  readonly name: string;
  readonly hex: string;
  /** A FramingErrorReason, or `message`; `x or y` where libraries may differ. */
  readonly error: string;
}

const path = new URL('../../../../python-fallback/vectors/protocol.json', import.meta.url);

/** The vectors that the Python side is tested on, too. */
export const vectors = JSON.parse(readFileSync(path, 'utf8')) as {
  readonly good: readonly GoodVector[];
  readonly bad: readonly BadVector[];
};
