import type { StreamAnonymizer } from '../../../src/anonymizer/index.ts';
import { anonymize } from './anonymize.ts';
import { Publisher, type PublisherOptions } from './publisher.ts';
import { Viewer, type Seen } from './viewer.ts';

export interface OpenStream extends AsyncDisposable {
  readonly viewer: Viewer;
  readonly anonymizer: StreamAnonymizer;
  readonly publisher: Publisher;
}

/** Publisher → process → viewer, all real but for the detectors. */
export async function openStream(
  options: Parameters<typeof anonymize>[1],
  source: Omit<PublisherOptions, 'to'> = {},
): Promise<OpenStream> {
  await using open = new AsyncDisposableStack();
  const viewer = await Viewer.open();
  open.defer(() => viewer.close());
  const anonymizer = await anonymize(viewer, options);
  open.defer(() => anonymizer.close());
  const publisher = new Publisher({ ...source, to: anonymizer.listen });
  open.defer(() => publisher.close());
  const owned = open.move();
  return {
    viewer,
    anonymizer,
    publisher,
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

/** A picture that was not covered whole, of a frame after this one. */
export function openAfter(number: number): (seen: Seen) => boolean {
  return (seen) => (seen.number ?? 0) > number;
}
