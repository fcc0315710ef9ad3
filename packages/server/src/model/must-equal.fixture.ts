import { isDeepStrictEqual } from 'node:util';
import { expect } from 'vitest';

/** Compares what is with what should be: quickly as long as they are equal, and with a readable difference if not. */
export function mustEqual(actual: unknown, expected: unknown, what: () => string): void {
  if (!isDeepStrictEqual(actual, expected)) expect(actual, what()).toEqual(expected);
}
