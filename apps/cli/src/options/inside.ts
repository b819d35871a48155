import { LEAST_INSIDE } from '@drape/anonymizer/core';
import { InvalidArgumentError } from 'commander';

/** Reads `--inside-from`: how surely a view must be inside a body, never less than we measured. */
export function insideFrom(text: string): number {
  const value = /^[01](?:\.\d+)?$/.test(text) ? Number(text) : Number.NaN;
  if (value >= LEAST_INSIDE && value <= 1) return value;
  if (value < LEAST_INSIDE) {
    throw new InvalidArgumentError(
      `Below ${LEAST_INSIDE} pictures from outside of a body would pass that we know of.`,
    );
  }
  throw new InvalidArgumentError(`It must be a number from ${LEAST_INSIDE} to 1.`);
}
