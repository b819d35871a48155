import { describe, expect, it } from 'vitest';
import { LIVE_ERRORS, LiveError, liveErrorSchema } from '../../src/live/index.ts';

describe('LiveError', () => {
  it.each(Object.keys(LIVE_ERRORS) as (keyof typeof LIVE_ERRORS)[])(
    '%s travels as a body of the contract',
    (code) => {
      const error = new LiveError(code, 'why', { retryAfterMs: 5 });
      expect(liveErrorSchema.parse(error.toBody())).toEqual({
        code,
        message: 'why',
        retryable: LIVE_ERRORS[code].retryable,
        retryAfterMs: 5,
      });
      expect(error.httpStatus).toBeGreaterThanOrEqual(400);
    },
  );

  it('never lets its cause travel', () => {
    const error = new LiveError('internal', 'why', { cause: new Error('a path') });
    expect(JSON.stringify(error.toBody())).not.toContain('a path');
    expect(error.cause).toBeInstanceOf(Error);
  });
});
