import {
  openStreamAnonymizer,
  type OpenParts,
  type StreamAnonymizer,
} from '../../../src/anonymizer/open-stream-anonymizer.ts';
import { SOURCE } from './publisher.ts';
import type { Viewer } from './viewer.ts';

/** Opens an anonymizer between a publisher and this viewer, with a program of this folder. */
export function anonymize(
  viewer: Viewer,
  options: OpenParts & {
    /** `real`: the program that the server starts. */
    readonly child: 'real' | 'steady' | 'blind' | 'hanging' | 'failing' | 'mute' | 'rogue';
    readonly mimeType?: string;
    readonly holdMs?: number;
    readonly signal?: AbortSignal;
  },
): Promise<StreamAnonymizer> {
  const { child, mimeType = 'video/H264', holdMs = 200, signal, ...parts } = options;
  return openStreamAnonymizer(
    {
      roomId: 'test-room',
      epoch: 1,
      profile: 'mixed',
      style: { kind: 'solid', fill: { r: 255, g: 0, b: 255 } },
      holdMs,
      maxBitrateBps: 2_000_000,
      input: { ...SOURCE, mimeType, clockRate: 90_000 },
      output: viewer.output,
      ...(signal ? { signal } : {}),
    },
    child === 'real'
      ? parts
      : { program: new URL(`./child-${child}.ts`, import.meta.url), ...parts },
  );
}
