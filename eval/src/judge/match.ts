import { EvalError } from '../errors.ts';

interface Timed {
  readonly ptsUs: number;
}

/** A source frame with the output frame of the same time, if there is one. */
export interface Matched<S, O> {
  readonly source: S;
  readonly output: O | undefined;
}

/** Two clocks' rounding: a container with a 1 ms tick moves a time by half of it. */
const SAME_WITHIN_US = 2_000;

/**
 * Walks source and output in step, by presentation time. A source frame without an output frame
 * is yielded with `output: undefined`; an output frame without a source frame throws EvalError
 * 'extra-frames'. Each yielded pair may be used until the next one is asked for.
 */
export async function* matchByTime<S extends Timed, O extends Timed>(
  sources: AsyncGenerator<S>,
  outputs: AsyncGenerator<O>,
): AsyncGenerator<Matched<S, O>> {
  try {
    let output = await outputs.next();
    for await (const source of sources) {
      if (!output.done && output.value.ptsUs < source.ptsUs - SAME_WITHIN_US) {
        throw extra(output.value.ptsUs);
      }
      if (!output.done && output.value.ptsUs <= source.ptsUs + SAME_WITHIN_US) {
        yield { source, output: output.value };
        output = await outputs.next();
      } else {
        yield { source, output: undefined };
      }
    }
    if (!output.done) throw extra(output.value.ptsUs);
  } finally {
    await outputs.return(undefined);
  }
}

function extra(ptsUs: number): EvalError {
  return new EvalError(
    'extra-frames',
    `the output has a frame at ${ptsUs} us that the source does not have: timestamps were changed.`,
  );
}
