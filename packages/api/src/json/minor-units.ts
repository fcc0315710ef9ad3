import { integerInput } from './integer-input.js';

/** Minor units in requests. */
export function minorUnitsInput(minimum: bigint, maximum: bigint) {
  const range = `${minimum} to ${maximum}`;
  return integerInput(minimum, maximum, 'minor units', '2550').meta({
    description: `Minor units, ${range}. Beyond 2^53 only as a string.`,
    example: '2550',
  });
}
