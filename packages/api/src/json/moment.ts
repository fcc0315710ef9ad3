import type { Moment } from '@giro/sdk';
import { z } from 'zod';
import { invalidField } from '../http/failure.js';
import { positionInput, positionText } from './position.js';
import { timeInput } from './time.js';

/** The two ways to name a moment in a query. */
export const momentQuery = { time: timeInput.optional(), position: positionText(1n).optional() };

/** A moment in a body. */
export const momentInput = z
  .strictObject({ time: timeInput.optional(), position: positionInput(1n).optional() })
  .refine(
    ({ time, position }) => (time === undefined) !== (position === undefined),
    'must have either time or position',
  )
  .meta({
    id: 'Moment',
    minProperties: 1,
    maxProperties: 1,
    description:
      'After all entries up to a time, whatever their branches; or after the entry at a position, for accounts of one branch.',
  });

/**
 * The moment that is named in one of two ways.
 *
 * @param names - of time and position in the request
 * @throws Failure if it is named in both
 */
export function momentOf(
  time: bigint | undefined,
  position: bigint | undefined,
  names: { readonly time: string; readonly position: string } = { time: 'time', position: 'position' },
): Moment | undefined {
  if (position === undefined) return time;
  if (time !== undefined) {
    throw invalidField(names.position, `cannot go with \`${names.time}\`: give one of the two`);
  }
  return { position };
}
